import { describe, expect, it } from 'vitest';
import { tenantDeclarationSchema } from './tenant-declaration.js';

const declared = (...devices: readonly object[]) =>
  tenantDeclarationSchema.safeParse({
    tenant: 'OFFICE', name: 'Office', country: 'CL', timeZone: 'America/Santiago', emergency: { acknowledged: true },
    endpoints: devices.map((device, index) => ({ extension: String(201 + index), role: `phone_${String(index)}`, device })),
  });

describe('a declared telephone', () => {
  it('is the same in whatever way its address is written, and stays the same when it is read again', () => {
    const read = declared({ model: 'GRP2612', mac: '000B82112233', serial: '20ez112233' }, { model: 'HT801', mac: '00-0B-82-44-55-66' });
    const devices = read.data?.endpoints.map(({ device }) => device);
    expect(devices).toEqual([{ model: 'GRP2612', mac: '00:0b:82:11:22:33', serial: '20EZ112233' }, { model: 'HT801', mac: '00:0b:82:44:55:66' }]);
    expect(tenantDeclarationSchema.parse(read.data)).toEqual(read.data);
  });

  it('may be two lines, but not two telephones', () => {
    const desk = { model: 'GRP2612', mac: '00:0b:82:11:22:33', serial: '20EZ112233' };
    expect(declared(desk, { ...desk, mac: '000B82112233' }).success).toBe(true);
    expect(declared(desk, { ...desk, serial: '20EZ999999' }).error?.issues).toMatchObject([{ path: ['endpoints', 1, 'device'], message: expect.stringContaining('is the telephone of endpoint 1') as string }]);
  });

  it.each([{ model: 'GRP2612' }, { model: 'GRP2612', mac: '00:0b:82:11:22' }, { model: 'a phone', mac: '00:0b:82:11:22:33' }, { model: 'GRP2612', mac: '00:0b:82:11:22:33', serial: 'x y' }])('is refused as %j', (device) => {
    expect(declared(device).success).toBe(false);
  });
});
