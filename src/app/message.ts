import type {LogLine} from '../domain/attempts/event.ts'
import type {ConfigValidation} from '../domain/diagnosis/config-problems.ts'
import type {PlansState} from '../domain/diagnosis/plan-problems.ts'
import type {Failure} from '../domain/failure.ts'
import type {ListenerVerdict, Reach} from '../domain/live/listener.ts'
import type {Observed} from '../domain/live/observed.ts'
import type {ClientProcess, SocketTable} from '../domain/live/socket.ts'
import type {LogSource} from '../domain/log-source.ts'
import type {DeviceRequest} from '../domain/plans/devices/facts.ts'
import type {Entry} from '../domain/plans/journal.ts'
import type {GatewayFix, Plan} from '../domain/plans/plan.ts'
import type {Secret} from '../domain/secret.ts'
import type {ServiceFacts} from '../domain/service/service.ts'
import type {TimelineEvent} from '../domain/timeline/timeline.ts'
import type {World} from '../domain/world/world.ts'
import type {DevicesRead} from './devices-read.ts'
import type {RenewalRequest} from './effect.ts'
import type {ProfilesRead} from './logins/profiles-read.ts'
import type {CopiesView} from './panels/panel.ts'
import type {PanelId} from './panels/panels.ts'
import type {PlanViewName} from './plans/plan-shown.ts'
import type {ClientOrder} from './rows/client-order.ts'
import type {HistoryProgress, Overlay, Prompt} from './state.ts'
import type {WholeLine} from './whole-line.ts'

/** Something that happened; past tense. */
export type Message =
  | {type: 'lines-received'; lines: readonly LogLine[]}
  | {type: 'earlier-read'; lines: readonly LogLine[]; hasMore: boolean}
  | {type: 'history-progressed'; progress: HistoryProgress}
  | {type: 'history-read'; world: World; since: number; packed?: number}
  | {type: 'sources-changed'; sources: readonly LogSource[]}
  | {type: 'profiles-read'; read: ProfilesRead}
  | {type: 'copies-read'; read: CopiesView}
  | {type: 'devices-read'; read: DevicesRead}
  | {type: 'observed'; observed: Observed; at: number}
  | {type: 'sockets-read'; table: SocketTable}
  | {type: 'listener-judged'; verdict: ListenerVerdict | null}
  | {type: 'service-read'; facts: ServiceFacts}
  | {type: 'trusted-proxies-read'; trustedProxies: readonly string[]}
  | {type: 'own-port-found'; port: number}
  | {type: 'gateway-moved'; url: string; port: number | null}
  | {type: 'config-judged'; validation: ConfigValidation}
  | {type: 'plans-read'; plans: PlansState}
  | {type: 'port-asked'; reach: Reach}
  | {type: 'changes-read'; timeline: readonly TimelineEvent[]}
  | {type: 'host-events-read'; timeline: readonly TimelineEvent[]}
  | {type: 'process-named'; client: string; owner: ClientProcess}
  | {type: 'fix-asked'; fix: GatewayFix}
  | {type: 'renewal-asked'; request: RenewalRequest}
  | {type: 'device-asked'; request: DeviceRequest}
  | {type: 'request-shown'; requestId: string}
  | {type: 'plan-made'; plan: Plan}
  | {type: 'plan-secret-typed'; secret: Secret}
  | {type: 'plan-refused'; problem: Failure}
  | {type: 'plan-typed'; text: string}
  | {type: 'plan-scrolled'; by: number}
  | {type: 'plan-view-asked'; view: PlanViewName}
  | {type: 'plan-confirmed'}
  | {type: 'plan-entries-read'; entries: readonly Entry[]}
  | {type: 'plan-put-away'; next?: 'board'}
  /** One that runs already, or that is offered unasked. */
  | {type: 'plan-found'; plan: Plan; entries: readonly Entry[]}
  | {type: 'rotation-recalled'; entries: readonly Entry[]}
  | {type: 'board-toggled'}
  | {type: 'ticked'; now: number}
  | {type: 'resized'; columns: number; rows: number}
  | {type: 'panel-chosen'; panel: PanelId}
  | {type: 'key-pressed'}
  | {type: 'moved'; by: number}
  | {type: 'moved-to'; end: 'first' | 'last'}
  | {type: 'searched'; direction: 1 | -1}
  | {type: 'evidence-asked'}
  | {type: 'went-back'}
  | {type: 'pause-toggled'}
  | {type: 'expected-toggled'}
  | {type: 'filtered'; text: string; panel?: PanelId}
  | {type: 'filters-cleared'}
  | {type: 'clients-ordered'; order: Partial<Pick<ClientOrder, 'sort' | 'group'>>}
  | {type: 'filter-saved'; name: string}
  | {type: 'filter-forgotten'; name: string}
  | {type: 'history-asked'; since: number}
  /** The screen is asked to go to that time. */
  | {type: 'time-asked'; at: number}
  | {type: 'replay-timeline-read'; timeline: readonly TimelineEvent[]}
  | {type: 'prompt-opened'; kind: Prompt['kind']; text?: string}
  | {type: 'prompt-edited'; text: string; at: number}
  /** Further back in what was typed earlier, or forth. */
  | {type: 'prompt-recalled'; by: 1 | -1}
  | {type: 'prompt-entered'}
  | {type: 'overlay-opened'; overlay: Overlay}
  | {type: 'overlay-moved'; by: number; last: number}
  | {type: 'line-read'; id: number; raw: string | null}
  | {type: 'line-viewed'; as: WholeLine}
  | {type: 'rows-write-asked'; file: string}
  | {type: 'problem-chosen'; by: number}
  | {type: 'problem-opened'; as: 'clients' | 'lines'}
  | {type: 'problem-muted'}
  | {type: 'copied'}
  | {type: 'report-asked'}
  | {type: 'token-asked'}
  | {type: 'journals-asked'}
  | {type: 'journals-listed'; lines: readonly string[]}
  | {type: 'replay-driven'; how: 'play' | 'faster' | 'slower' | {seekMs: number} | {seekTo: number}}
  | {type: 'replay-sought'; world: World; lines: readonly LogLine[]; at: number}
  | {type: 'replay-played'; at: number; lines: readonly LogLine[]}
  | {type: 'notified'; text: string}
  | {type: 'failed'; problem: Failure}
  | {type: 'mouse-set'; isOn: boolean}
  | {type: 'suspend-asked'}
  | {type: 'redraw-asked'}
  | {type: 'quit'}
