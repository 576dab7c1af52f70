import { createHash } from 'node:crypto';

interface Field {
  readonly machine: string;
  readonly friendly: string;
}
/** What a bundle must have: a person or company, or one of some documents. */
export interface Requirement {
  readonly name: string;
  readonly friendly: string;
  readonly accepted: readonly { readonly type: string; readonly friendly: string; readonly fields: readonly Field[] }[];
}
/** What it takes to have numbers of one kind in one country. */
export interface Regulation {
  readonly sid: string;
  readonly iso: string;
  readonly numberType: 'local' | 'mobile' | 'national' | 'toll-free';
  readonly endUserType: 'individual' | 'business';
  readonly endUser: Requirement;
  readonly documents: readonly Requirement[];
}

const field = (machine: string): Field => ({ machine, friendly: machine.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ') });
const BUSINESS: Requirement = { name: 'business_info', friendly: 'Business', accepted: [{ type: 'business', friendly: 'Business', fields: ['business_name', 'business_registration_number', 'first_name', 'last_name'].map(field) }] };
const INDIVIDUAL: Requirement = { name: 'individual_info', friendly: 'Individual', accepted: [{ type: 'individual', friendly: 'Individual', fields: ['first_name', 'last_name'].map(field) }] };
const REGISTER: Requirement = {
  name: 'business_registration_info',
  friendly: 'Business Registration',
  accepted: [
    { type: 'commercial_registrar_excerpt', friendly: 'Excerpt from the commercial register', fields: ['business_name', 'document_number'].map(field) },
    { type: 'tax_document', friendly: 'Tax document', fields: ['business_name', 'document_number'].map(field) },
  ],
};
const IDENTITY: Requirement = { name: 'identity_info', friendly: 'Proof of Identity', accepted: [{ type: 'government_issued_document', friendly: 'Government-issued ID', fields: ['first_name', 'last_name', 'document_number'].map(field) }] };
const ADDRESS: Requirement = { name: 'proof_of_address', friendly: 'Proof of Address', accepted: [{ type: 'utility_bill', friendly: 'Utility bill', fields: [field('address_sids')] }, { type: 'address', friendly: 'Address Validation', fields: [field('address_sids')] }] };

const NUMBER_TYPES = ['local', 'mobile', 'national', 'toll-free'] as const;
const regulationsOf = (iso: string): Regulation[] =>
  NUMBER_TYPES.flatMap((numberType) =>
    (['business', 'individual'] as const).map((endUserType) => ({
      sid: `RN${createHash('md5').update(`${iso}-${numberType}-${endUserType}`).digest('hex')}`,
      iso,
      numberType,
      endUserType,
      endUser: endUserType === 'business' ? BUSINESS : INDIVIDUAL,
      documents: [endUserType === 'business' ? REGISTER : IDENTITY, ADDRESS],
    })),
  );

/** SIMULATED: of the shape of Twilio's rules; the rules of these countries are no claim. Countries that aren't here ask for nothing. */
export const REGULATIONS: readonly Regulation[] = ['CL', 'MX', 'AR', 'CO', 'PE', 'ES'].flatMap(regulationsOf);

export const regulationOf = (sid: unknown): Regulation | undefined => REGULATIONS.find((each) => each.sid === sid);
export const isNumberType = (text: string): boolean => NUMBER_TYPES.some((type) => type === text);
