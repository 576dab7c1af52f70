import { countryOf } from '../countries/countries.js';
import { metaPageOf } from '../wire/page.js';
import { ok, type Asked, type Route } from '../wire/router.js';
import { notFound, TwilioError } from '../wire/twilio-error.js';
import { isNumberType, REGULATIONS, regulationOf, type Regulation, type Requirement } from './regulations.js';

const BASE = 'numbers.twilio.com/v2/RegulatoryCompliance';

/** What it takes to have a number, by country, kind of number and whose it is. */
export const regulationRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: `${BASE}/Regulations`,
    handle: (asked) => {
      const [endUser, type] = [asked.query.get('EndUserType'), asked.query.get('NumberType')];
      if (endUser !== null && !['individual', 'business'].includes(endUser)) throw new TwilioError(400, 22212, 'Invalid End-User Type in request');
      if (type !== null && !isNumberType(type)) throw new TwilioError(400, 22213, 'Invalid Number Type in request');
      return ok(metaPageOf('results', asked, REGULATIONS.filter((each) => isMeant(asked, each)), view));
    },
  },
  {
    method: 'GET',
    template: `${BASE}/Regulations/{RegulationSid}`,
    handle: ({ params, path }) => {
      const found = regulationOf(params['RegulationSid']);
      if (found === undefined) throw notFound(path);
      return ok(view(found));
    },
  },
];

function isMeant({ query }: Asked, { iso, numberType, endUserType }: Regulation): boolean {
  const same = (name: string, value: string): boolean => !query.has(name) || query.get(name) === value;
  return same('IsoCountry', iso) && same('NumberType', numberType) && same('EndUserType', endUserType);
}

function view({ sid, iso, numberType, endUserType, endUser, documents }: Regulation): object {
  const details = ({ fields }: Requirement['accepted'][number]): object => ({ fields: fields.map(({ machine }) => machine), detailed_fields: fields.map(({ machine, friendly }) => ({ machine_name: machine, friendly_name: friendly, description: friendly })) });
  const url = `https://${BASE}/Regulations/${sid}`;
  return {
    sid,
    friendly_name: `${countryOf(iso)?.name}: ${numberType} - ${endUserType}`,
    iso_country: iso,
    number_type: numberType,
    end_user_type: endUserType,
    requirements: {
      end_user: endUser.accepted.map((accepted) => ({ name: endUser.friendly, type: accepted.type, requirement_name: endUser.name, url: `${url}/${accepted.type}`, ...details(accepted) })),
      supporting_document: documents.map((requirement) => [
        { name: requirement.friendly, type: 'document', requirement_name: requirement.name, description: requirement.friendly, accepted_documents: requirement.accepted.map((accepted) => ({ name: accepted.friendly, type: accepted.type, url: `https://${BASE}/SupportingDocumentTypes/${accepted.type}`, ...details(accepted) })) },
      ]),
    },
    url,
  };
}
