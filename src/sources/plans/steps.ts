import type {Act, Step} from '../../domain/plans/plan.ts'
import {proveLogin, proveOthers} from '../logins/login-proofs.ts'
import {checkCommand} from './steps-command.ts'
import {proveContainer, recreate} from './steps-container.ts'
import {writeCopy, writeRemote} from './steps-copies.ts'
import {backUp, blankLeaks, dropBackups, lookUnchanged, lookWritten, putBack, renewBackup, sweep} from './steps-files.ts'
import {type Doing, type Done, fine, type Hand} from './steps-hand.ts'
import {backUpLogin, lendTerminal, lookLogin, saveLogin} from './steps-login.ts'
import {askAccepted, askHealth, listDevices, proveToken, waitAccepted} from './steps-prove.ts'
import {noteLife, restart, waitRestarted} from './steps-restart.ts'
import {restoreAct} from './steps-restore.ts'
import {rollBackAct} from './steps-roll-back.ts'
import {reinstall, takeUp, tryWrite, writeToken} from './steps-token.ts'

/** How each act is done. */
const doings: {readonly [A in Act['do']]: Doing<A>} = {
  'look-unchanged': lookUnchanged,
  'look-written': lookWritten,
  'check-command': checkCommand,
  'take-up': takeUp,
  restore: restoreAct,
  'roll-back': rollBackAct,
  'ask-accepted': askAccepted,
  'back-up': backUp,
  'try-write': tryWrite,
  'write-token': writeToken,
  reinstall,
  'wait-accepted': waitAccepted,
  'prove-token': proveToken,
  'ask-health': askHealth,
  'list-devices': listDevices,
  'note-life': noteLife,
  restart,
  'wait-restarted': waitRestarted,
  recreate,
  'prove-container': proveContainer,
  'write-copy': writeCopy,
  'write-remote': writeRemote,
  'put-back': putBack,
  'renew-backup': renewBackup,
  'blank-leaks': blankLeaks,
  'drop-backups': dropBackups,
  sweep,
  'look-login': lookLogin,
  'back-up-login': backUpLogin,
  'save-login': saveLogin,
  'lend-terminal': lendTerminal,
  'prove-login': proveLogin,
  'prove-others': proveOthers,
  tell: async () => fine,
}

export const doStep = (hand: Hand, step: Step): Promise<Done> => {
  const doing = doings[step.act.do] as (hand: Hand, act: Act, step: Step) => Promise<Done>
  return doing(hand, step.act, step)
}
