import type {Explanation, Selection} from '../../app/panels/panel.ts'
import {refKey} from '../../app/rows/rows.ts'
import type {State} from '../../app/state.ts'
import {clockMs} from '../../app/words.ts'
import {cut, paragraph} from '../parts/fit.ts'
import {Lines} from '../parts/Lines.tsx'
import {ellipsis, readable, type Theme} from '../parts/paint.ts'

const label = 5

const block = (name: string, text: string, width: number, max: number, theme: Theme): string[] =>
  paragraph(readable(text, theme), width - label, max, ellipsis(theme)).map((line, i) => {
    const head = (i === 0 ? name : '').padEnd(label)
    return `${theme.open('strong')}${head}${theme.open('strong') === '' ? '' : theme.close}${line}`
  })

/** What the chosen row means, how often it was seen, and what to do about it, as far as there is room. */
const whyLines = (explanation: Explanation, width: number, height: number, theme: Theme): string[] => {
  const max = Math.max(1, Math.min(Math.floor(height / 2), Math.max(3, Math.floor(height * 0.4))))
  const tryThis = explanation.tryThis === '' ? [] : block('DO', explanation.tryThis, width, max, theme)
  const rest = height - tryThis.length
  const why =
    explanation.why === ''
      ? []
      : block('WHY', explanation.why, width, explanation.seen === '' ? rest : Math.max(1, Math.min(max, rest - 1)), theme)
  const room = rest - why.length
  const seen = explanation.seen === '' || room < 1 ? [] : block('SEEN', explanation.seen, width, room, theme)
  return [...why, ...seen, ...tryThis]
}

export const Why = ({
  explanation,
  width,
  height,
  theme,
}: {
  explanation: Explanation
  width: number
  height: number
  theme: Theme
}) => <Lines height={height} width={width} lines={whyLines(explanation, width, height, theme)} />

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
