import {Box, Text, usePaste} from 'ink'
import type {Message} from '../app/message.ts'
import {isTooSmall, minSize} from '../app/navigate.ts'
import {explain} from '../app/panel-view.ts'
import {panels} from '../app/panels/panels.ts'
import {pastedInto} from '../app/plans/fields.ts'
import {pressPlan} from '../app/plans/planning.ts'
import {positionCells} from '../app/position.ts'
import {press, pressOverlay} from '../app/press.ts'
import {pressPrompt} from '../app/prompt.ts'
import type {State} from '../app/state.ts'
import type {Store} from '../app/store.ts'
import {clean} from '../domain/clean.ts'
import {clicked} from './click.ts'
import {Footer} from './panes/Footer.tsx'
import {Header} from './panes/Header.tsx'
import {lastPageTop, OverlayPane} from './panes/OverlayPane.tsx'
import {PlanPane} from './panes/PlanPane.tsx'
import {lastDetailTop, ProblemsPane} from './panes/ProblemsPane.tsx'
import {Side, Why} from './panes/Side.tsx'
import {Table} from './panes/Table.tsx'
import {Lines} from './parts/Lines.tsx'
import type {Theme} from './parts/paint.ts'
import type {MouseEvent} from './terminal/mouse-mode.ts'
import {type OnReady, useScreen} from './use-screen.ts'
import {viewOf} from './view.ts'

const wheelRows = 3

const messageFor = (state: State, key: string, theme: Theme): Message | null => {
  if (state.plan) return pressPlan(state.plan, key)
  if (state.prompt) return pressPrompt(state.prompt, key, panels[state.panel].fields)
  const {overlay} = state
  if (!overlay) return press(state, key)
  return pressOverlay(state, key, overlay.kind === 'problems' ? lastDetailTop(state, theme) : lastPageTop(state, overlay, theme))
}

/** The wheel moves as the arrows do, by several rows where there are rows; what is typed stays as it is. */
const turned = (state: State, by: 1 | -1, theme: Theme): Message | null => {
  if (state.prompt) return null
  if (state.plan || state.overlay) return messageFor(state, by > 0 ? 'down' : 'up', theme)
  return {type: 'moved', by: by * wheelRows}
}

const messageForMouse = (state: State, event: MouseEvent, theme: Theme): Message | null =>
  event.kind === 'wheel' ? turned(state, event.by, theme) : clicked(state, event, theme)

const TooSmall = ({state}: {state: State}) => (
  <Text wrap="truncate">{`too small: ${state.size.columns}x${state.size.rows}, needs ${minSize.columns}x${minSize.rows}`}</Text>
)

export const Screen = ({state, theme}: {state: State; theme: Theme}) => {
  if (isTooSmall(state.size)) return <TooSmall state={state} />
  if (state.plan) return <PlanPane state={state} shown={state.plan} theme={theme} />
  if (state.overlay?.kind === 'problems') return <ProblemsPane state={state} overlay={state.overlay} theme={theme} />
  if (state.overlay) return <OverlayPane state={state} overlay={state.overlay} theme={theme} />
  const view = viewOf(state, theme)
  const {layout, found, index, below} = view
  const chosen = found.selectionAt(index)
  const explanation = explain(state, chosen)
  return (
    <Box flexDirection="column" width={state.size.columns} height={state.size.rows} overflow="hidden">
      <Header state={state} theme={theme} />
      <Box flexShrink={0} overflow="hidden" height={layout.table + 1 + layout.why}>
        <Box flexDirection="column" flexShrink={0} width={layout.width}>
          <Table state={state} view={view} theme={theme} />
          {below.length > 0 && <Lines height={below.length} width={layout.width} lines={below} />}
          {layout.why > 0 && <Why explanation={explanation} width={layout.width} height={layout.why} theme={theme} />}
        </Box>
        {layout.side > 0 && (
          <Box marginLeft={2} flexShrink={0} width={layout.side}>
            <Side
              state={state}
              chosen={chosen}
              explanation={explanation}
              width={layout.side}
              height={layout.table + 1 + layout.why}
              theme={theme}
            />
          </Box>
        )}
      </Box>
      <Footer state={state} theme={theme} position={positionCells(state, found, index)} />
    </Box>
  )
}

type Props = {store: Store; theme: Theme; onReady: OnReady}

export const App = ({store, theme, onReady}: Props) => {
  const pressed = (messageIn: (state: State) => Message | null): void => {
    if (store.state().notice) store.dispatch({type: 'key-pressed'})
    const message = messageIn(store.state())
    if (message) store.dispatch(message)
  }
  const state = useScreen(store, onReady, {
    onKey: key => pressed(now => messageFor(now, key, theme)),
    onMouse: event => pressed(now => messageForMouse(now, event, theme)),
  })
  usePaste(text => {
    const {prompt, plan} = store.state()
    const pasted = plan && pastedInto(plan, text)
    if (pasted) return store.dispatch(pasted)
    if (!prompt || plan)
      return store.dispatch({type: 'notified', text: 'Pasted text is ignored here, so that it presses no keys'})
    const added = clean(text, 500)
    store.dispatch({
      type: 'prompt-edited',
      text: prompt.text.slice(0, prompt.at) + added + prompt.text.slice(prompt.at),
      at: prompt.at + added.length,
    })
  })
  return <Screen state={state} theme={theme} />
}
