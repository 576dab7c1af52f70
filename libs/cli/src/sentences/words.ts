import type { Language } from '@troncal/contracts';

const EN = {
  // Why a call waits.
  route: 'the route', digit: 'a digit', agent_request: 'the agent asked for a person', agent_failed: 'the agent failed', transfer: 'a transfer',
  // How waiting ended.
  connected: 'somebody took it', abandoned: 'the caller gave up', timeout: 'nobody in time', no_members: 'nobody was logged in',
  // Where a transfer leads, and who can ask for it or end a call.
  endpoint: 'extension', queue: 'the queue', agent: 'the agent', number: 'the number', caller: 'the caller', far_end: 'the other side', api: 'the API', system: 'the system',
  // How a call came out.
  answered: 'answered', no_answer: 'nobody answered', busy: 'busy', failed: 'failed', rejected: 'rejected',
  // Why a call was refused.
  unknown_number: 'nobody has this number', tenant_suspended: 'the tenant is suspended', not_allowed: 'not allowed', no_such_endpoint: 'no such extension',
  edge_unreachable: 'the telephone exchange is away', invalid_number: 'not a valid number', overload: 'too many calls',
  // Endpoints, trunks and edges.
  unregistered: 'signed off', expired: 'its registration ran out', unreachable: 'does not answer', reachable: 'answers', unknown: 'in an unknown state',
  closed: 'the connection closed', silent: 'it fell silent', replaced: 'another took over', shutdown: 'shut down',
  // Conversations and tools.
  detached: 'sent away', handoff: 'a person takes over', agent_hangup: 'the agent hung up', call_ended: 'the call ended', media_lost: 'the audio was lost',
  ok: 'done', error: 'an error', cancelled: 'cancelled', refused: 'refused',
  missed_call: 'a missed call',
  // Complaints.
  'complaint one-way': 'one side hearing nothing', 'complaint silence': 'silence', 'complaint choppy': 'choppy audio', 'complaint echo': 'an echo', 'complaint delay': 'delay', 'complaint noise': 'noise',
  'complaint low-volume': 'a low volume', 'complaint dropped': 'a dropped call', 'complaint keys': 'keys that were not understood', 'complaint other': 'something else',
  // Playbacks and transfers.
  completed: 'to its end', stopped: 'it was stopped', left: 'they hung up', sound: 'the sound', recording: 'the recording', speech: 'a text',
  transferor: 'is back with whoever sent it on', nobody: 'has nobody', other: 'the other side', listen: 'listens', whisper: 'listens and whispers',
} as const;

const ES: Readonly<Record<keyof typeof EN, string>> = {
  route: 'la ruta', digit: 'un dígito', agent_request: 'el agente pidió una persona', agent_failed: 'el agente falló', transfer: 'una transferencia',
  connected: 'alguien la tomó', abandoned: 'quien llama desistió', timeout: 'nadie a tiempo', no_members: 'no había nadie conectado',
  endpoint: 'el anexo', queue: 'la cola', agent: 'el agente', number: 'el número', caller: 'quien llama', far_end: 'la otra parte', api: 'la API', system: 'el sistema',
  answered: 'contestada', no_answer: 'nadie contestó', busy: 'ocupado', failed: 'falló', rejected: 'rechazada',
  unknown_number: 'nadie tiene este número', tenant_suspended: 'el cliente está suspendido', not_allowed: 'no permitida', no_such_endpoint: 'no existe el anexo',
  edge_unreachable: 'la central no responde', invalid_number: 'número no válido', overload: 'demasiadas llamadas',
  unregistered: 'se desconectó', expired: 'su registro venció', unreachable: 'no responde', reachable: 'responde', unknown: 'en estado desconocido',
  closed: 'se cerró la conexión', silent: 'dejó de responder', replaced: 'otro tomó su lugar', shutdown: 'se apagó',
  detached: 'fue retirado', handoff: 'sigue una persona', agent_hangup: 'el agente colgó', call_ended: 'terminó la llamada', media_lost: 'se perdió el audio',
  ok: 'hecho', error: 'un error', cancelled: 'cancelada', refused: 'rechazada',
  missed_call: 'una llamada perdida',
  'complaint one-way': 'no oírse de un lado', 'complaint silence': 'silencio', 'complaint choppy': 'audio entrecortado', 'complaint echo': 'eco', 'complaint delay': 'retardo', 'complaint noise': 'ruido',
  'complaint low-volume': 'volumen bajo', 'complaint dropped': 'una llamada cortada', 'complaint keys': 'teclas no reconocidas', 'complaint other': 'otra cosa',
  completed: 'hasta el final', stopped: 'se detuvo', left: 'colgaron', sound: 'el sonido', recording: 'la grabación', speech: 'un texto',
  transferor: 'vuelve con quien la transfirió', nobody: 'queda sin nadie', other: 'la otra parte', listen: 'escucha', whisper: 'escucha y susurra',
};

/** The words of the catalogue's enumerations for people. A word missing in one language, or a new value of an event, fails the build. */
export const words: Readonly<Record<Language, Readonly<Record<keyof typeof EN, string>>>> = { en: EN, es: ES };
