/** Who makes a telephone. */
export type DeviceMaker = 'grandstream' | 'yealink';

/** Families of models by how their names begin, as the makers' own lists and clients of Grandstream's GDMS have them. */
const FAMILIES: readonly (readonly [RegExp, DeviceMaker])[] = [
  [/^(GRP|GXP|GXV|GXW|GHP|GVC|GSC|GAC|GDS|WP|HT|DP)\d/i, 'grandstream'],
  [/^(SIP[-_ ]?)?(T|CP|W|VP|AX)\d/i, 'yealink'],
];

/** The maker of a model, undefined for one that is not known here. */
export const makerOf = (model: string): DeviceMaker | undefined => FAMILIES.find(([family]) => family.test(model))?.[1];
