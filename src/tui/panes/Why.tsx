import type {Explanation} from '../../app/panels/panel.ts'
import {paragraph} from '../parts/fit.ts'
import {Lines} from '../parts/Lines.tsx'
import {ellipsis, readable} from '../parts/paint.ts'
import type {Theme} from '../theme.ts'

const label = 5

const block = (name: string, text: string, width: number, max: number, theme: Theme): string[] =>
  paragraph(readable(text, theme), width - label, max, ellipsis(theme)).map((line, i) => {
    const head = (i === 0 ? name : '').padEnd(label)
    return `${theme.open('strong')}${head}${theme.open('strong') === '' ? '' : theme.close}${line}`
  })

/** What the chosen row means, how often it was seen, and what to do about it, as far as there is room. */
export const whyLines = (explanation: Explanation, width: number, height: number, theme: Theme): string[] => {
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
