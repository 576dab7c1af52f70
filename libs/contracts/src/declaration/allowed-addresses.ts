import { z } from 'zod';

const octets = (ip: string): number => ip.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`;
const NETWORK = new RegExp(String.raw`^${OCTET}(?:\.${OCTET}){3}(?:/(?:3[0-2]|[12]?\d))?$`);

/** Twilio's lists take IPv4 only, with 8 to 32 bits that count. One address alone is a network of 32. */
const network = z
  .string()
  .regex(NETWORK, { error: 'expected an IPv4 address or network, e.g. 203.0.113.9 or 203.0.113.0/24', abort: true })
  .transform((text) => (text.includes('/') ? text : `${text}/32`))
  .refine((text) => Number(text.split('/')[1]) >= 8, { error: 'a network of more than 16 million addresses keeps nobody out: 8 to 32 bits have to count', abort: true })
  .refine((text) => {
    const [ip = '', bits] = text.split('/');
    return octets(ip) % 2 ** (32 - Number(bits)) === 0;
  }, 'has bits behind those that count: write the network’s first address, e.g. 203.0.113.0/24');

/** Whence calls may come into the SIP domain of an environment. */
export const allowedAddressesSchema = z
  .array(network)
  .max(100, 'Twilio takes 100 addresses a list')
  .refine((all) => new Set(all.map((text) => text.split('/')[0])).size === all.length, 'an address stands here twice: leave one out');
