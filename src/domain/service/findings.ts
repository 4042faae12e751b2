import type {ServiceFinding, ServiceInputs} from './finding.ts'
import {fileFindings} from './findings-files.ts'
import {processFindings} from './findings-process.ts'
import {versionFindings} from './findings-versions.ts'
import {launchdFindings} from './service-findings-launchd.ts'

/** What is wrong with how the gateway is run, most harmful kinds first. */
export const serviceFindings = (inputs: ServiceInputs): ServiceFinding[] => [
  ...processFindings(inputs),
  ...launchdFindings(inputs),
  ...versionFindings(inputs),
  ...fileFindings(inputs),
]
