import type {State} from '../../app/state.ts'
import type {Transition} from '../../domain/alerts/transitions.ts'
import {clean} from '../../domain/clean.ts'
import {version} from '../../runtime/version.ts'
import {iso, isoOrNull} from '../moment-flags.ts'
import {problemJson} from '../print/assessment.ts'

/** What a command of `--on-change` is given: this on its standard input, and the short of it in its environment. */
export const changeJson = ({event, change, urgency, text, at, problem}: Transition, state: State) => {
  const {gateway} = state.assessment
  const {is, since, by, pid} = gateway
  return {
    gatecrab: version,
    event,
    change,
    urgency,
    summary: text,
    at: iso(at),
    now: iso(state.now),
    host: state.host,
    gateway: {is, since: isoOrNull(since), by, pid, port: state.port, version: gateway.version ?? state.release},
    verdict: state.assessment.verdict,
    problem: problem && problemJson(problem),
  }
}

export type ChangeJson = ReturnType<typeof changeJson>

const maxValue = 500

/** Strangers name clients and logins: nothing of theirs reaches a terminal, a header or a subject line as it came. */
export const changeVariables = ({event, change, urgency, summary, at, host, gateway, verdict, problem}: ChangeJson) =>
  Object.fromEntries(
    Object.entries({
      ...{EVENT: event, CHANGE: change, URGENCY: urgency, SUMMARY: summary, AT: at, HOST: host, VERDICT: verdict},
      ...{GATEWAY: gateway.is, PORT: gateway.port ?? ''},
      ...{PROBLEM: problem?.id ?? '', HARM: problem?.harm ?? '', BECAUSE: problem?.because ?? '', DO: problem?.tryThis ?? ''},
    }).map(([name, value]) => [`GATECRAB_${name}`, clean(String(value), maxValue)]),
  )
