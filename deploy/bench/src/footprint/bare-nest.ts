/** The least a Nest service can be: one route, its own HTTP server, our logger's level of silence. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

class Bare {}
Module({})(Bare);

const app = await NestFactory.create(Bare, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
process.send?.('ready');
process.on('disconnect', () => process.exit(0));
