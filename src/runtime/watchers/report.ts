import {timelineOf} from '../../app/panels/timeline.ts'
import type {State} from '../../app/state.ts'
import type {Store} from '../../app/store.ts'
import {unexpectedFailure} from '../../domain/failure.ts'
import {defaultPort} from '../../gateway/config.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {listJournals} from '../../sources/plans/journals.ts'
import {statePlaces, writeReport} from '../../sources/plans/journals-folder.ts'
import type {ReportData} from '../report-data.ts'

/** What a report says of the state that the screen shows. */
export const reportedBy = (state: State): Omit<ReportData, 'plans'> => {
  const {world, now, since, port, sources, live, copies, reach, assessment} = state
  const {gateway: runs} = assessment
  return {
    ...{world, now, live, assessment, reach: reach && `${reach.state}${reach.because ? ` (${reach.because})` : ''}`},
    since: since ?? world.firstAt ?? now,
    release: runs.version ?? world.life.release ?? state.release,
    port: port ?? defaultPort,
    files: sources.map(({name}) => name),
    enforced: copies?.enforced.fingerprint ?? null,
    copies: copies?.copies ?? null,
    timeline: timelineOf(state).toSorted((a, b) => a.at - b.at),
  }
}

/** Writes what the screen knows, for a ticket, and says where. */
export const writeScreenReport = (store: Store, hostEnv: HostEnv, reportText: (report: ReportData) => string): void => {
  const places = statePlaces(hostEnv)
  const withTilde = (file: string): string => (file.startsWith(`${hostEnv.home}/`) ? `~${file.slice(hostEnv.home.length)}` : file)
  try {
    const text = reportText({...reportedBy(store.state()), plans: listJournals(places)})
    store.dispatch({type: 'notified', text: `Report in ${withTilde(writeReport(text, places, Date.now()))}`})
  } catch (error) {
    store.dispatch({type: 'failed', problem: unexpectedFailure('The report could not be written', error)})
  }
}
