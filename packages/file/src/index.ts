export type { FileContextParts } from './file-context.ts'
export { fileModule } from './file-module.ts'
export { fileOptions, type CheckedFileOptions, type FileOptions } from './file-options.ts'
export { openFileBackend } from './open-file-backend.ts'
