import {filledText} from '../shell.ts'

/** Why no secret is written into a file: accounts other than the gateway's, root and ours could read it. */
export type Exposure = {id: 'other-owner'; owner: string} | {id: 'others-can-read'; mode: string}

/** A file's permissions for accounts other than its owner, as mode bits. */
export type FileAccess = {uid: number; mode: number}

const root = 0

/** `trusted` are the gateway's account and our own. */
export const exposureOf = ({uid, mode}: FileAccess, trusted: readonly number[]): Exposure | null => {
  if (uid !== root && !trusted.includes(uid)) return {id: 'other-owner', owner: `user ${uid}`}
  return (mode & 0o066) === 0 ? null : {id: 'others-can-read', mode: (mode & 0o7777).toString(8).padStart(4, '0')}
}

/** The reason and what helps, for a file that is left as it is. */
export const exposureText = (exposure: Exposure, path: string): {because: string; tryThis: string} =>
  exposure.id === 'other-owner'
    ? {
        because: `it belongs to ${exposure.owner}, who would have the token`,
        tryThis: filledText(
          'If it is yours all the same, run `sudo chown "$(id -u)" {path}` and `chmod 600 {path}`, then `gatecrab propagate`.',
          {path},
        ),
      }
    : {
        because: `other accounts may read or change it (mode ${exposure.mode})`,
        tryThis: filledText('Run `chmod 600 {path}`, then `gatecrab propagate`.', {path}),
      }
