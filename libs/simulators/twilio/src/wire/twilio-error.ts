/** A refusal as Twilio words it: `{code, message, more_info, status}`. Codes: reference/twilio.md section 7 and Twilio's error catalogue. */
export class TwilioError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }

  get body(): { readonly code: number; readonly message: string; readonly more_info: string; readonly status: number } {
    return { code: this.code, message: this.message, more_info: `https://www.twilio.com/docs/errors/${this.code}`, status: this.status };
  }
}

export const notFound = (path: string): TwilioError => new TwilioError(404, 20404, `The requested resource ${path} was not found`);
export const notAuthenticated = (): TwilioError => new TwilioError(401, 20003, 'Authenticate');
export const tooManyAtOnce = (): TwilioError => new TwilioError(429, 20429, 'Too Many Requests');
export const wrongMethod = (): TwilioError => new TwilioError(405, 20004, 'Method not allowed');
