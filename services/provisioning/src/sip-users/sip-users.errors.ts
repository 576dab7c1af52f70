import { PermanentError } from '@troncal/kernel';
import type { SipUserKey } from './sip-user.js';

export const userNotThere = (list: string, username: string): PermanentError =>
  new PermanentError('sip_user_not_there', `There is no SIP user ${username} in the credential list ${list}.`, { status: 409, remedy: 'Apply its tenant first, which makes it.' });

export const unknownSipUser = ({ environment, tenant, extension }: SipUserKey): PermanentError =>
  new PermanentError('unknown_sip_user', `"${tenant}" has no phone ${extension} in "${environment}".`, { status: 404, remedy: `troncal credentials list --tenant ${tenant} --env ${environment}` });

export const nothingStaged = ({ extension }: SipUserKey): PermanentError =>
  new PermanentError('nothing_staged', `No password is on its way for ${extension}.`, { status: 409, remedy: 'Stage one first, or rotate at once.' });

export const nothingBefore = ({ extension }: SipUserKey): PermanentError =>
  new PermanentError('nothing_before', `It is not known which password ${extension} had before.`, { status: 409, remedy: 'Rotate it: it gets a new one.' });
