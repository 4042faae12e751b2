import type {GatewayFix} from './plan.ts'

/** What each fix does, in the words that its plan, its command and its key share. */
export const fixTitles: Readonly<Record<GatewayFix, string>> = {
  rotate: 'Give the gateway a new token',
  restart: 'Restart the gateway',
  propagate: 'Give every copy within reach the token in force',
  verify: 'Ask the gateway which token it takes',
  undo: 'Take back what a plan wrote',
  'clean-up': 'Take old tokens out of backups and logs',
}

/** The title where it goes on in a sentence. */
export const fixAbout = (fix: GatewayFix): string => fixTitles[fix].replace(/^./, first => first.toLowerCase())
