/** Every client's light sealed anew for the sales side, with what it has done since taken in; for whichever screen changes what a light rests on. */

import { everyAlert, stateOf } from '../alerts/deeds.ts'
import { work } from '../alerts/work.svelte.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import { session } from '../session.svelte.ts'
import { creditFile } from './credit.svelte.ts'
import { readCredit, withLights, type Lights } from './credit_file.ts'
import { scoredOf, sentOf, withJudgments, worstOpen, type Sent } from './scored.ts'
import { eraseDone, withDoneNotes, type TaskDone } from './tasks_done.ts'

/** What scores rest on beside the portfolio. */
export function standing(portfolio: Portfolio): { sent: Sent; worst: Map<string, string> } {
  const credit = creditFile.credit ?? readCredit(null)
  const sent = session.book ? sentOf(session.book, credit) : { sales: new Map<string, number>(), first: new Map<string, number>() }
  return { sent, worst: withJudgments(worstOpen(everyAlert(portfolio), stateOf), portfolio, credit, session.facts!.today) }
}

/** The same where sales was ever shown lights: nobody delivers by one from before what has come since. */
export async function renewShownLights(portfolio: Portfolio): Promise<void> {
  await creditFile.load()
  if (creditFile.lights?.made_on) await renewLights(portfolio)
}

/** By what the firm's devices have written until now: where one writes meanwhile, all is read again. `also`: a further change under the same head. */
export async function renewLights(portfolio: Portfolio, also: (lights: Lights) => Lights = (lights) => lights): Promise<void> {
  let notes: TaskDone[] = []
  await creditFile.changeLights(async (lights) => {
    ;[notes] = await Promise.all([creditFile.tasksDone(), creditFile.load(), work.load()])
    const credit = creditFile.credit ?? readCredit(null)
    const { sent, worst } = standing(portfolio)
    const found = Object.fromEntries(portfolio.clients.map((client, row) => [client.identifier, scoredOf(portfolio, row, credit, sent, worst).light]))
    return also(withLights(withDoneNotes(lights, notes), found, session.facts!.today))
  })
  await eraseDone(notes)
}
