import type {GatewayFix} from './plan.ts'

/** What each fix does, in the words that its plan, its command and its key share. */
export const fixTitles: Readonly<Record<GatewayFix, string>> = {
  rotate: 'Replace the gateway token',
  restart: 'Restart the gateway',
  propagate: 'Update all reachable copies to the current token',
  verify: 'Ask the gateway which token it takes',
  undo: 'Undo what a plan wrote',
  'clean-up': 'Take old tokens out of backups and logs',
}

/** The title where it goes on in a sentence. */
export const fixAbout = (fix: GatewayFix): string => fixTitles[fix].replace(/^./, first => first.toLowerCase())
