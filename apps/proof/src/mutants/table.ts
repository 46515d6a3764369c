import { huntAll, mutantTable } from './gate.ts'

/** Prints the table of mutants as docs/durability.md has it. */
console.log(mutantTable(await huntAll()))
