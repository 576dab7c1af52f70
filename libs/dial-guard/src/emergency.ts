/**
 * Emergency numbers by country (ISO 3166 alpha-2), as national regulators publish them, and those that mobile networks everywhere know
 * (3GPP TS 22.101 section 10.1: 112 and 911). Longer lists per country join here with the countries we serve.
 */
const BY_COUNTRY: Readonly<Record<string, readonly string[]>> = {
  AR: ['100', '101', '103', '106', '107', '911'],
  BO: ['110', '118', '119', '165'],
  BR: ['190', '191', '192', '193', '197', '199'],
  CL: ['130', '131', '132', '133', '134', '135', '136', '137', '138'],
  CO: ['119', '123', '125', '132', '144'],
  CR: ['911', '1117', '1118', '1128'],
  EC: ['101', '102', '911'],
  ES: ['061', '062', '080', '085', '091', '092'],
  GB: ['999'],
  MX: ['060', '065', '066', '068', '089', '911'],
  PE: ['105', '106', '116', '117'],
  PY: ['130', '131', '132', '141', '911'],
  US: ['911', '988'],
  UY: ['104', '105', '106', '109', '911'],
  VE: ['171', '911'],
};
const EVERYWHERE: readonly string[] = ['112', '911'];

/** True when this, as dialled (blanks and dashes ignored), is an emergency number in that country. */
export function isEmergencyNumber(dialled: string, country: string): boolean {
  const digits = dialled.replaceAll(/[\s().-]/g, '');
  return EVERYWHERE.includes(digits) || (BY_COUNTRY[country]?.includes(digits) ?? false);
}
