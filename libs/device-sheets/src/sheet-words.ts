import type { SheetKind } from './device-sheet.js';
import type { SheetFacts } from './sheet-facts.js';

type SheetRow =
  | ('tenant' | 'name' | 'extension' | 'role' | 'username' | 'password' | 'domain' | 'proxy' | 'port' | 'transport')
  | ('expiry' | 'codecs' | 'dtmf' | 'stun' | 'keepAlive' | 'symmetricRtp' | 'srtp' | 'timeZone');

/** The words of one language. */
export interface SheetWords {
  readonly title: string;
  readonly secret: string;
  readonly rows: Readonly<Record<SheetRow, string>>;
  readonly yes: string;
  readonly no: string;
  readonly off: string;
  readonly srtp: Readonly<Record<SheetFacts['srtp'], string>>;
  readonly seconds: (count: number) => string;
  readonly codecs: (names: readonly string[]) => string;
  /** How the file of this kind gets into the device, one sentence. */
  readonly how: Readonly<Record<SheetKind, string>>;
}

const es: SheetWords = {
  title: 'Ficha de configuración del teléfono',
  secret: 'Contiene la contraseña: quien lea esta ficha puede llamar a su costa. Guárdela bajo llave o destrúyala después de configurar.',
  rows: {
    tenant: 'Cliente',
    name: 'Nombre para mostrar',
    extension: 'Extensión',
    role: 'Función',
    username: 'Usuario SIP y de autenticación',
    password: 'Contraseña',
    domain: 'Dominio (servidor SIP)',
    proxy: 'Proxy de salida',
    port: 'Puerto',
    transport: 'Transporte',
    expiry: 'Vencimiento del registro',
    codecs: 'Códecs, en este orden',
    dtmf: 'Tonos DTMF',
    stun: 'STUN',
    keepAlive: 'Mantener NAT abierto cada',
    symmetricRtp: 'RTP simétrico',
    srtp: 'SRTP',
    timeZone: 'Zona horaria',
  },
  yes: 'sí',
  no: 'no',
  off: 'desactivado',
  srtp: { off: 'desactivado', optional: 'opcional', required: 'obligatorio' },
  seconds: (count) => `${String(count)} segundos`,
  codecs: (names) => `${names.join(', ')}; ningún otro (G.722 desactivado)`,
  how: {
    grandstream:
      'Teléfono Grandstream GXP, GRP o WP: Mantenimiento > Actualización, subir el archivo de configuración, o darlo por la ruta del servidor.',
    'grandstream-ht': 'Adaptador Grandstream HT: Opciones avanzadas, subir el archivo de configuración; vale para el puerto FXS 1.',
    yealink: 'Yealink: Configuración > Configuración, importar el archivo CFG, o darlo por la URL de autoaprovisionamiento.',
    microsip:
      'MicroSIP: con el programa cerrado, poner el archivo en %APPDATA%\\MicroSIP\\MicroSIP.ini; ' +
      'con otras cuentas ya creadas, copiar solo la sección [Account1] con el número siguiente. Después borre este archivo.',
    linphone: 'Linphone: Ajustes > Aprovisionamiento remoto, dar la dirección de esta ficha.',
    zoiper: 'Zoiper 5 con licencia: darlo como configuración de aprovisionamiento. Sin licencia, copiar los datos de la ficha.',
    groundwire: 'Cloud Softphone de Acrobits: darlo como aprovisionamiento externo. En Groundwire, copiar los datos de la ficha.',
    text: 'Cualquier teléfono: copiar estos datos a mano.',
    html: 'Cualquier teléfono: imprimir y copiar estos datos a mano.',
  },
};

const en: SheetWords = {
  title: 'Phone settings',
  secret: 'Holds the password: whoever reads this sheet can telephone at your cost. Lock it away, or destroy it once the phone is set up.',
  rows: {
    tenant: 'Customer',
    name: 'Display name',
    extension: 'Extension',
    role: 'Role',
    username: 'SIP user and authentication user',
    password: 'Password',
    domain: 'Domain (SIP server)',
    proxy: 'Outbound proxy',
    port: 'Port',
    transport: 'Transport',
    expiry: 'Registration expiry',
    codecs: 'Codecs, in this order',
    dtmf: 'DTMF',
    stun: 'STUN',
    keepAlive: 'Keep NAT open every',
    symmetricRtp: 'Symmetric RTP',
    srtp: 'SRTP',
    timeZone: 'Time zone',
  },
  yes: 'yes',
  no: 'no',
  off: 'off',
  srtp: { off: 'off', optional: 'optional', required: 'required' },
  seconds: (count) => `${String(count)} seconds`,
  codecs: (names) => `${names.join(', ')}; no other (G.722 off)`,
  how: {
    grandstream:
      'Grandstream GXP, GRP or WP phone: Maintenance > Upgrade, upload the configuration file, or give it by the path of the configuration server.',
    'grandstream-ht': 'Grandstream HT adapter: Advanced settings, upload the configuration file; it is for FXS port 1.',
    yealink: 'Yealink: Settings > Configuration, import the CFG file, or give it by the URL of auto provisioning.',
    microsip:
      'MicroSIP: with the program closed, put the file at %APPDATA%\\MicroSIP\\MicroSIP.ini; ' +
      'with accounts already there, copy the section [Account1] only, under the next number. Then delete this file.',
    linphone: 'Linphone: Settings > Remote provisioning, give the address of this sheet.',
    zoiper: 'Zoiper 5 with a licence: give it as provisioning configuration. Without one, copy the values of the sheet.',
    groundwire: 'Cloud Softphone of Acrobits: give it as external provisioning. In Groundwire, copy the values of the sheet.',
    text: 'Any phone: copy these values by hand.',
    html: 'Any phone: print it, and copy these values by hand.',
  },
};

/** The words of a language. */
export const wordsOf = (language: SheetFacts['language']): SheetWords => (language === 'es' ? es : en);
