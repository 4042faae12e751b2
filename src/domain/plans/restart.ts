import {mayBeGateway} from '../live/gateway-names.ts'
import type {Facts} from './facts.ts'
import {fixTitles, type Plan, type Step} from './plan.ts'
import {recordProcessStep, restartedStep, restartStep} from './restart-steps.ts'
import {acceptedStep, commandStep, cutOffNow, tellStep} from './token-steps.ts'

const foreground: Readonly<Record<Facts['rules']['restartsForeground'], string | null>> = {
  signals: null,
  nothing:
    'No service runs this gateway, and the restart command of this release restarts nothing then: it says "not-loaded". If so, stop the gateway in its terminal with Ctrl-C and start it again.',
  fails:
    'No service runs this gateway, and the restart command of this release fails then. If so, stop the gateway in its terminal with Ctrl-C and start it again.',
}

/** Who holds the port, where that is not whom the service manager runs. */
const holderNotes = ({supervisor: {kind, holder, pid, name, loaded}, target}: Facts): string[] => {
  if (holder === null || holder.pid === pid) return []
  const portIsTaken = `Port ${target.port} is held by process ${holder.pid}${holder.command === '' ? '' : ` (${holder.command})`}`
  if (!mayBeGateway(holder.command) && !/docker/.test(holder.command))
    return [`${portIsTaken}, which does not look like a gateway: a restart cannot have the port until it ends.`]
  if (kind !== 'launchd' && kind !== 'systemd') return []
  if (pid !== null)
    return [
      `${portIsTaken}, which is not the one of ${name} (${pid}): two gateways, or one left over. A restart of the service cannot have the port until that one ends.`,
    ]
  return loaded === null
    ? []
    : [
        `${portIsTaken}, and ${name} does not run: a gateway in a terminal, or one left over. Started by the service as well, there would be two; end that one first, or leave the service stopped.`,
      ]
}

const notesOf = (facts: Facts): string[] => {
  const {supervisor, rules} = facts
  const {kind, second, overSsh, domain} = supervisor
  return [
    ...(kind === 'none' ? [foreground[rules.restartsForeground] ?? []].flat() : []),
    ...holderNotes(facts),
    ...(second === null ? [] : [`${second} runs it too: two supervisors start it against each other.`]),
    ...(kind === 'launchd' && domain?.startsWith('user/')
      ? [
          `The service is loaded in ${domain}, and OpenClaw's restart asks gui/${domain.slice(5)} only: where it answers "not-loaded", nothing was restarted. ${facts.restart?.byHand ?? ''}`.trim(),
        ]
      : []),
    ...(kind === 'launchd' && overSsh && !domain?.startsWith('user/')
      ? [
          'launchd serves only users who are logged in at the console: over SSH it may say "125: Domain does not support specified action".',
        ]
      : []),
  ]
}

const stillAcceptedStep = (): Step => ({
  ...acceptedStep(),
  id: 'still-accepted',
  kind: 'prove',
  words: 'Ask the gateway whether it accepts the token of its config: OpenClaw may restore an older config on restart',
  otherwise: 'go-on',
})

export const restartPlan = (facts: Facts): Plan => {
  const form = facts.restart ?? {argv: [], bootstrap: null, bootstrapAfterMs: 0, byHand: ''}
  const manualSteps =
    facts.rules.follows === 'hot'
      ? []
      : ['Browsers and apps come back by themselves; a command that was running has to be started again.']
  return {
    id: facts.id,
    fix: 'restart',
    title: fixTitles.restart,
    because: 'A running process keeps the settings it started with.',
    risk: 'cuts everybody off for a moment',
    gateway: facts.target,
    interrupts: [
      'every client is cut off until it is back',
      'agent runs in progress are drained, then cut off',
      ...cutOffNow(facts.clients),
    ],
    cannotUndo: ['A restart is not undone.'],
    confirm: 'restart',
    notes: notesOf(facts),
    steps: [
      ...(form.by === 'engine' ? [] : commandStep(facts.cli, facts.target.configFile)),
      recordProcessStep(),
      restartStep(form),
      restartedStep(facts.rules.restartBudgetMs),
      stillAcceptedStep(),
      ...tellStep(manualSteps),
    ],
    cards: manualSteps,
    continues: null,
    undoes: null,
    backups: facts.backups,
  }
}
