import type {Circumstances, ServiceFinding} from './service-finding.ts'
import {fileFindings} from './service-findings-files.ts'
import {launchdFindings} from './service-findings-launchd.ts'
import {processFindings} from './service-findings-process.ts'
import {versionFindings} from './service-findings-versions.ts'

/** What is wrong with how the gateway is run, most harmful kinds first. */
export const serviceFindings = (around: Circumstances): ServiceFinding[] => [
  ...processFindings(around),
  ...launchdFindings(around),
  ...versionFindings(around),
  ...fileFindings(around),
]
