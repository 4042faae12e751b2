import {onHost} from '../../domain/container.ts'
import type {Target} from '../../domain/plans/plan.ts'
import {fingerprintOf, type Secret} from '../../domain/secret.ts'
import {keyOf, type TokenCopy, variableOf} from '../../domain/token/copy.ts'
import type {CopiesRead} from '../token/places.ts'
import {isSameSecret} from './backup-files.ts'
import {readPlanCopies} from './copies-source.ts'
import {readProcessState} from './process-identity.ts'
import {complaint, failed, fine, runStep, type StepHandler} from './step-context.ts'

const recreateMs = 300_000

/** A file that the command inside names, as this host calls it. */
export const namedInside = ({container}: Target, file: string): string => (container ? (onHost(container, file) ?? file) : file)

/** Compose leaves a container alone whose settings are the same, so that it goes on is no failure. */
export const recreate: StepHandler<'recreate'> = async (context, {argv}) => {
  const ran = await runStep(context, argv, {timeoutMs: recreateMs})
  if (ran.code !== 0) return failed(complaint(ran))
  context.changed = true
  const before = context.process?.container ?? null
  const now = await readProcessState(context.plan.gateway)
  if (before !== null && now.container === before) {
    context.process = null
    context.say('compose has left the container as it is: its settings are the same')
  }
  return fine
}

/** What compose hands to the container: a value in the compose file itself, else what .env says; else the token in force. */
const meantFor = (
  {copies, secrets}: CopiesRead,
  copy: TokenCopy,
  service: string | null,
  inForce: Secret | null,
): Secret | null => {
  const held = copies.filter(one => secrets.get(keyOf(one)) !== undefined)
  const written = held.findLast(
    ({place, kind, key}) => place === 'compose-file' && kind === 'literal' && key === `${service}.${variableOf(copy)}`,
  )
  const source = written ?? held.findLast(one => one.place === 'compose' && variableOf(one) === variableOf(copy))
  return (source && secrets.get(keyOf(source))) ?? inForce
}

/** What the engine says the container was made with. */
export const proveContainer: StepHandler<'prove-container'> = async context => {
  const {container} = context.plan.gateway
  if (!container) return failed('the gateway is in no container')
  const read = await readPlanCopies(context)
  const wrong: string[] = []
  for (const copy of read.copies) {
    if (copy.place !== 'container-env' || !copy.key.startsWith(`${container.name}.`)) continue
    const meant = meantFor(read, copy, container.compose?.service ?? null, context.next ?? context.old)
    const ok = isSameSecret(read.secrets.get(keyOf(copy)) ?? null, meant)
    context.prove(
      `the container ${container.name} has ${meant ? fingerprintOf(meant) : 'another token'} as ${variableOf(copy)}`,
      ok,
    )
    if (!ok) wrong.push(variableOf(copy))
  }
  if (wrong.length === 0) return fine
  return failed(`the container ${container.name} still has another ${wrong.join(' and ')}: look where compose takes it from`)
}
