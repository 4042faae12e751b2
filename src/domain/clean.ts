/** ANSI sequences with their payload, then every other control character and the marks that reorder text on screen. */
const ansi =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[@-Z\\-_])|\u009b[0-?]*[ -/]*[@-~]/g
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udfff]/g
const suspicious =
  /[^\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u0590\u2010-\u2027\u2030-\u205f\u2070-\u20cf\u2100-\u2fff]/
/** No script needs more marks on a letter; a heap of them runs over the rows above and below. */
const excessiveCombiningMarks = /(\p{M}{4})\p{M}+/gu

const asWord = (char: string): string => (char === '\n' || char === '\t' || char === '\r' ? ' ' : '')

/** Makes untrusted text safe for a terminal, a file and a clipboard. */
export const clean = (text: string, max = 4096): string => {
  const short = text.length > max ? `${text.slice(0, max)}…` : text
  return suspicious.test(short) ? short.replace(ansi, '').replace(unsafe, asWord).replace(excessiveCombiningMarks, '$1') : short
}

/** The gateway writes `n/a` where there is nothing. */
export const present = (text: string | undefined, max = 512): string | undefined =>
  text === undefined || text === '' || text === 'n/a' ? undefined : clean(text, max)
