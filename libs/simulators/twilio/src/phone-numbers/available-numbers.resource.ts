import { ACCOUNT, ok, type Route } from '../wire/router.js';
import { notFound, TwilioError } from '../wire/twilio-error.js';

const TYPES = ['Local', 'Mobile', 'TollFree', 'National'];
const CONTAINS = /^[\d*%+$A-Za-z]{2,16}$/;

/** What is for sale now. A result is not reserved: somebody else may buy it before you do. */
export const availableNumberRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: `${ACCOUNT}/AvailablePhoneNumbers/{Country}/{Type}.json`,
    handle: ({ world, params, query, path }) => {
      const [country = '', type = ''] = [params['Country'], params['Type']];
      if (!TYPES.includes(type)) throw notFound(path);
      const contains = query.get('Contains') ?? undefined;
      if (contains !== undefined && !CONTAINS.test(contains)) throw new TwilioError(400, 20001, 'Contains must have 2 to 16 characters of 0-9 * % + $');
      const areaCode = query.get('AreaCode') ?? undefined;
      if (areaCode !== undefined && !['US', 'CA'].includes(country)) throw new TwilioError(400, 20001, 'AreaCode is for numbers of the US and Canada');
      const excludeAddressRequired = query.get('ExcludeAllAddressRequired') === 'true';
      const found = world.market.search({ country, type, contains, areaCode, excludeAddressRequired }).slice(0, Math.min(Number(query.get('PageSize') ?? 50), 1_000));
      return ok({
        uri: path,
        available_phone_numbers: found.map((number) => ({
          friendly_name: number.phoneNumber,
          phone_number: number.phoneNumber,
          iso_country: number.country,
          locality: number.locality,
          region: null,
          postal_code: null,
          lata: null,
          rate_center: null,
          latitude: null,
          longitude: null,
          address_requirements: number.addressRequirements,
          beta: false,
          capabilities: { voice: true, SMS: false, MMS: false },
        })),
      });
    },
  },
];
