import { Module } from '@nestjs/common';
import { CONFIG, LOGGER } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import type { GatewayConfig } from '../config.js';
import { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import { DirectoryKeeper } from '../tenant-directory/directory-keeper.js';
import { TenantDirectoryModule } from '../tenant-directory/tenant-directory.module.js';
import { PromptRenderer } from './prompt-renderer.js';
import { SpeechFiles } from './speech-files.js';

/** Prompts, rendered before a caller needs them. */
@Module({
  imports: [TenantDirectoryModule],
  providers: [
    { provide: SpeechFiles, inject: [CONFIG, LOGGER], useFactory: (config: GatewayConfig, logger: Logger) => new SpeechFiles(config.SOUNDS_DIR, config.ESPEAK_COMMAND, logger) },
    {
      provide: PromptRenderer,
      inject: [SpeechFiles, DirectoryKeeper, TenantDirectory, LOGGER],
      useFactory: (files: SpeechFiles, keeper: DirectoryKeeper, directory: TenantDirectory, logger: Logger) => new PromptRenderer(files, keeper, directory, logger),
    },
  ],
  exports: [SpeechFiles, PromptRenderer],
})
export class SpeechModule {}
