import { TWILIO_EMERGENCY_COUNTRIES, type EmergencyPolicy } from '@troncal/contracts';

/** By which way emergency calls of a tenant's phones leave; `none`: they can't, which the tenant has to acknowledge before its phones are handed out. */
export function emergencyRail(country: string, { line }: Pick<EmergencyPolicy, 'line'>): 'twilio' | 'line' | 'none' {
  if (TWILIO_EMERGENCY_COUNTRIES.includes(country)) return 'twilio';
  return line ? 'line' : 'none';
}
