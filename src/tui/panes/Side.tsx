import type {Explanation, Selection} from '../../app/panels/panel.ts'
import {refKey} from '../../app/rows/log-lines.ts'
import type {State} from '../../app/state.ts'
import {clockMs} from '../../app/words.ts'
import {cut, paragraph} from '../parts/fit.ts'
import {Lines} from '../parts/Lines.tsx'
import {ellipsis, readable} from '../parts/paint.ts'
import type {Theme} from '../theme.ts'
import {whyLines} from './Why.tsx'

type Props = {state: State; chosen: Selection | null; explanation: Explanation; width: number; height: number; theme: Theme}

const latestLines = ({state, chosen, width, theme}: Props, max: number): string[] => {
  const keys = new Set(chosen?.latestLines().map(refKey))
  const lines = state.log.lines.filter(line => keys.has(refKey(line.from))).slice(-max)
  return lines.map(line => cut(readable(`${clockMs(line.at)} ${line.text}`, theme), width, ellipsis(theme)))
}

const maxWhyLines = 16

/** On a wide screen, beside the row that is chosen: what it means, its facts, and its latest raw lines. */
export const Side = (props: Props) => {
  const {explanation, width, height, theme} = props
  const title = (text: string) => `${theme.open('dim')}${text}${theme.open('dim') === '' ? '' : theme.close}`
  const titled = (text: string, lines: readonly string[]) => (lines.length > 0 ? [title(text), ...lines] : [])
  const facts = explanation.facts.flatMap(([name, value]) =>
    paragraph(readable(value, theme), width - 10, 3, ellipsis(theme)).map(
      (line, i) => `${title((i === 0 ? name : '').padEnd(10))}${line}`,
    ),
  )
  const why = whyLines(explanation, width, Math.min(maxWhyLines, height - 6), theme)
  const room = height - why.length - facts.length - 5
  const raw = room > 2 ? latestLines(props, room) : []
  return (
    <Lines
      height={height}
      width={width}
      lines={[why, titled('FACTS', facts), titled('LINES', raw)].flatMap(block => (block.length > 0 ? [...block, ''] : []))}
    />
  )
}
