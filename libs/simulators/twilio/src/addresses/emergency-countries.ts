const COUNTRIES = new Set(['US', 'CA', 'GB', 'AU', 'IE', 'FR', 'DE', 'AT', 'MY', 'TH', 'PH', 'NZ', 'IT']);

/** Whether emergency calls go by Twilio there (reference/twilio.md section 3). Not in Chile. */
export const hasEmergencyCalling = (country: string): boolean => COUNTRIES.has(country);
