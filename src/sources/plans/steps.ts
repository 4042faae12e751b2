import type {Act, Step} from '../../domain/plans/plan.ts'
import {backUp, blankLeaks, dropBackups, lookUnchanged, lookWritten, putBack, renewBackup, sweep} from './backup-files.ts'
import {changeDevice, lookDevice, proveDevice, watchDevice} from './device-steps.ts'
import {backUpLogin, lendTerminal, lookLogin, proveLogin, proveOthers, saveLogin} from './login-steps.ts'
import {askAccepted, askHealth, listDevices, proveToken, waitAccepted} from './prove.ts'
import {recordProcess, restartGateway, waitRestarted} from './restart.ts'
import {restoreAct} from './restore.ts'
import {rollBackAct} from './roll-back.ts'
import {checkCommand} from './run-command.ts'
import {fine, type StepContext, type StepHandler, type StepResult} from './step-context.ts'
import {proveContainer, recreate} from './steps-container.ts'
import {reinstall, reloadStep, takeUp, tryWrite, writeToken} from './token-steps.ts'
import {writeCopyStep, writeRemote} from './write-copies.ts'

/** How each act is done. */
const handlers: {readonly [A in Act['do']]: StepHandler<A>} = {
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
  'reload-secrets': reloadStep,
  reinstall,
  'wait-accepted': waitAccepted,
  'prove-token': proveToken,
  'ask-health': askHealth,
  'list-devices': listDevices,
  'note-life': recordProcess,
  restart: restartGateway,
  'wait-restarted': waitRestarted,
  recreate,
  'prove-container': proveContainer,
  'write-copy': writeCopyStep,
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
  'look-device': lookDevice,
  'change-device': changeDevice,
  'prove-device': proveDevice,
  'watch-device': watchDevice,
  tell: async () => fine,
}

export const doStep = (context: StepContext, step: Step): Promise<StepResult> => {
  const handler = handlers[step.act.do] as (context: StepContext, act: Act, step: Step) => Promise<StepResult>
  return handler(context, step.act, step)
}
