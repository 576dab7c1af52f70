/** How a line ended by its far end. */
export interface LineEnd {
  /** What a caller would say of it. */
  readonly reason: 'hung-up' | 'busy' | 'no-answer' | 'failed' | 'canceled';
  readonly sipStatus?: number;
}

/** What the far end of a line does. */
export interface LineListener {
  onRinging(): void;
  onAnswered(): void;
  /** 20 ms of µ-law. */
  onAudio(ulaw: Uint8Array): void;
  onDigit(digit: string): void;
  onEnded(end: LineEnd): void;
  /** The far end asks to be connected to somebody else (REFER). Returns whether that is taken up. */
  onRefer(target: string): boolean;
}

/** Twilio's side of a telephone line, whoever is at its other end: the simulated telephone network or a SIP phone. */
export interface Line {
  readonly kind: 'pstn' | 'sip';
  /** Call-ID of the SIP dialog. */
  readonly sipCallId?: string;
  listen(listener: LineListener): void;
  /** Takes a call that came in. Rejects when it can't be taken any more. */
  answer(): Promise<void>;
  /** Refuses a call that came in. */
  refuse(sipStatus: number): void;
  /** Ends it in any state. Nothing is told to the listener of it. */
  hangUp(): void;
  send(ulaw: Uint8Array): void;
  press(digit: string): void;
  /** Sends the far end elsewhere; gives the SIP status of the transfer. Only SIP lines can. */
  refer?(target: string): Promise<number>;
}
