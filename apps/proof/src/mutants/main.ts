import { fileMutants } from './file-mutants.ts'
import { huntMutant, type Hunted } from './hunt-mutant.ts'
import { journalMutants } from './journal-mutants.ts'

/** Hunts every mutant, or those whose names are given, and prints what became of each, a line of JSON for each. */
const wanted = process.argv.slice(2)
for (const mutant of [...fileMutants, ...journalMutants]) {
  if (wanted.length > 0 && !wanted.includes(mutant.name)) continue
  const hunted: Hunted = await huntMutant(mutant)
  console.log(JSON.stringify(hunted))
}
