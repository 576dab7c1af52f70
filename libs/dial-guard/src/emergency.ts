/**
 * Emergency numbers by country (ISO 3166 alpha-2), as national regulators publish them, the one to dial for whoever dials another's first, and those
 * that mobile networks everywhere know (3GPP TS 22.101 section 10.1: 112 and 911). Longer lists per country join here with the countries we serve.
 */
const BY_COUNTRY: Readonly<Record<string, readonly string[]>> = {
  AR: ['911', '100', '101', '103', '106', '107'],
  AT: ['112', '122', '133', '144'],
  AU: ['000', '106'],
  BO: ['110', '118', '119', '165'],
  BR: ['190', '191', '192', '193', '197', '199'],
  // 933 answers with what the network knows of the caller: the test of North America.
  CA: ['911', '933'],
  CL: ['133', '130', '131', '132', '134', '135', '136', '137', '138'],
  CO: ['123', '119', '125', '132', '144'],
  CR: ['911', '1117', '1118', '1128'],
  DE: ['112', '110'],
  EC: ['911', '101', '102'],
  ES: ['112', '061', '062', '080', '085', '091', '092'],
  FR: ['112', '114', '115', '119', '196', '15', '17', '18'],
  GB: ['999'],
  IE: ['999'],
  IT: ['112', '113', '115', '118'],
  MX: ['911', '060', '065', '066', '068', '089'],
  MY: ['999'],
  NZ: ['111'],
  PE: ['105', '106', '116', '117'],
  PH: ['911'],
  PY: ['911', '130', '131', '132', '141'],
  TH: ['191', '199', '1669'],
  US: ['911', '988', '933'],
  UY: ['911', '104', '105', '106', '109'],
  VE: ['911', '171'],
};
const EVERYWHERE: readonly string[] = ['112', '911'];

/** Country codes that phones put before what was dialled: an emergency call must not be lost by it. */
const CALLING_CODES: Readonly<Record<string, string>> = {
  AR: '54', AT: '43', AU: '61', BO: '591', BR: '55', CA: '1', CL: '56', CO: '57', CR: '506', DE: '49', EC: '593', ES: '34', FR: '33', GB: '44', IE: '353', IT: '39', MX: '52', MY: '60', NZ: '64',
  PE: '51', PH: '63', PY: '595', TH: '66', US: '1', UY: '598', VE: '58',
};

/**
 * The emergency number that was dialled there; undefined: none. Read as generously as it can be without doubt: marks, the country's own code in front
 * (`+56133`) and parameters behind (`133;phone-context=…`) don't stop it.
 */
export function emergencyNumberOf(dialled: string, country: string): string | undefined {
  const [digits = ''] = dialled.replaceAll(/[ \t().-]/g, '').split(';', 1);
  const code = CALLING_CODES[country];
  const bare = code !== undefined && digits.startsWith(`+${code}`) ? digits.slice(code.length + 1) : digits;
  return EVERYWHERE.includes(bare) || (BY_COUNTRY[country]?.includes(bare) ?? false) ? bare : undefined;
}

/** True when this, as dialled, is an emergency number in that country. */
export function isEmergencyNumber(dialled: string, country: string): boolean {
  return emergencyNumberOf(dialled, country) !== undefined;
}

/** What to dial on a network that knows only the country's own numbers: another country's 112 or 911 becomes the first of them. */
export function ownEmergencyNumber(number: string, country: string): string {
  const own = BY_COUNTRY[country];
  return own === undefined || own.includes(number) ? number : (own[0] ?? number);
}
