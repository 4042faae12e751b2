import {Box, Text} from 'ink'

type Props = {lines: readonly string[]; height?: number; width?: number}

/** Ready-painted lines, one Text each: what a frame costs is its rows, not its spans. */
export const Lines = ({lines, height, width}: Props) => (
  <Box
    flexDirection="column"
    flexShrink={0}
    overflow="hidden"
    {...(height === undefined ? {} : {height})}
    {...(width === undefined ? {} : {width})}
  >
    {lines.map((line, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen
      <Text key={i} wrap="truncate">
        {line === '' ? ' ' : line}
      </Text>
    ))}
  </Box>
)
