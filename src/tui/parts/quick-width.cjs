// Letters, signs and lines of one cell each, and colours; anything else is asked of string-width, whose tables take 30 ms to set up.
const narrow =
  /^[ -~\u00A0-\u00AC\u00AE-\u02FF\u0370-\u0482\u048A-\u052F\u2010-\u2027\u2030-\u205E\u2190-\u21FF\u2200-\u22FF\u2500-\u25FC\u2713-\u2717\u2800-\u28FF]*$/
const colours = /\u001B\[[\d;]*m/g

module.exports = (text, options = {}) => {
  const {ambiguousIsNarrow = true, countAnsiEscapeCodes = false} = options
  const plain = countAnsiEscapeCodes ? text : text.replace(colours, '')
  return ambiguousIsNarrow && narrow.test(plain) ? plain.length : require('string-width').default(text, options)
}
