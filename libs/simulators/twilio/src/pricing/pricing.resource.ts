import { COUNTRIES, countryOf, countryOfNumber, type Country } from '../countries/countries.js';
import { metaPageOf } from '../wire/page.js';
import { ok, type Asked, type Route } from '../wire/router.js';
import { notFound, TwilioError } from '../wire/twilio-error.js';
import type { CountryPrices, PriceList } from './prices.js';

const HOST = 'pricing.twilio.com';
const amounts = (price: string | null): object => ({ base_price: price, current_price: price });

/** What numbers and minutes cost by country, and a minute to one number. Version 2 tells prices also by where a call comes from: here it's all one. */
export const pricingRoutes: readonly Route[] = [
  ...countryRoutes('/v1/PhoneNumbers/Countries', ({ numbers }) => ({ phone_number_prices: numbers.map(({ type, monthly }) => ({ number_type: type, ...amounts(monthly) })) })),
  ...countryRoutes('/v1/Voice/Countries', (prices) => ({ ...inboundView(prices), outbound_prefix_prices: prices.outbound.map(({ name, prefixes, minute }) => ({ friendly_name: friendly(name), prefixes, ...amounts(minute) })) })),
  ...countryRoutes('/v2/Voice/Countries', (prices) => ({ ...inboundView(prices), outbound_prefix_prices: withOrigin(prices) })),
  ...countryRoutes('/v2/Trunking/Countries', (prices) => ({ originating_call_prices: inboundView(prices).inbound_call_prices, terminating_prefix_prices: withOrigin(prices) })),
  numberRoute('/v1/Voice/Numbers', (number, price) => ({ number, outbound_call_price: amounts(price) })),
  numberRoute('/v2/Voice/Numbers', (number, price, { query }) => ({ destination_number: number, origination_number: query.get('OriginationNumber'), outbound_call_prices: [{ ...amounts(price), origination_prefixes: ['ALL'] }] })),
];

function countryRoutes(path: string, priced: (prices: CountryPrices) => object): Route[] {
  const short = ({ iso, name }: Country): object => ({ country: name, iso_country: iso, url: `https://${HOST}${path}/${iso}` });
  return [
    { method: 'GET', template: `${HOST}${path}`, handle: (asked) => ok(metaPageOf('countries', asked, COUNTRIES.map((each) => ({ ...each, sid: each.iso })), short)) },
    {
      method: 'GET',
      template: `${HOST}${path}/{Country}`,
      handle: ({ world, params, path: asked }) => {
        const country = countryOf(params['Country'] ?? '');
        if (country === undefined) throw notFound(asked);
        return ok({ ...short(country), ...priced(world.prices.of(country.iso)), price_unit: 'USD' });
      },
    },
  ];
}

/** One number's price; as inbound it is priced only when it is Twilio's, which isn't told here. */
function numberRoute(path: string, priced: (number: string, price: string | null, asked: Asked) => object): Route {
  return {
    method: 'GET',
    template: `${HOST}${path}/{Number}`,
    handle: (asked) => {
      const number = asked.params['Number'] ?? '';
      const country = countryOfNumber(number);
      if (!/^\+\d{7,15}$/.test(number) || country === undefined) throw new TwilioError(400, 21401, `${number} is not a phone number`);
      const price = minute(asked.world.prices, number, country);
      return ok({ country: country.name, iso_country: country.iso, ...priced(number, price, asked), inbound_call_price: { ...amounts(null), number_type: null }, price_unit: 'USD', url: `https://${HOST}${path}/${number}` });
    },
  };
}

const minute = (prices: PriceList, number: string, { iso }: Country): string | null => prices.minuteTo(number, iso) ?? null;
const friendly = (name: string): string => `Programmable Outbound Minute - ${name}`;
const inboundView = ({ inbound }: CountryPrices) => ({ inbound_call_prices: inbound.map(({ type, minute: price }) => ({ number_type: type, ...amounts(price) })) });
const withOrigin = ({ outbound }: CountryPrices): object[] => outbound.map(({ name, prefixes, minute: price }) => ({ friendly_name: friendly(name), origination_prefixes: ['ALL'], destination_prefixes: prefixes, ...amounts(price) }));
