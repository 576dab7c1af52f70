/** As Twilio's documentation has states of a profile. */
export const PROFILE_STATES = ['draft', 'pending-review', 'in-review', 'twilio-rejected', 'twilio-approved'] as const;
export type ProfileState = (typeof PROFILE_STATES)[number];
