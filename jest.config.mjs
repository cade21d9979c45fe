// Three projects: `unit` needs nothing but Node, `browser` the browser among the development packages; `integration`
// runs against a real control plane that its global setup starts once (see test/support/global-setup.ts).
const common = {
  // A project has no testTimeout of its own.
  setupFilesAfterEnv: ['<rootDir>/test/support/timeout.ts'],
  testEnvironment: '<rootDir>/test/support/plain-global-environment.ts',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

export default {
  // What modules of test files leave behind is not collected: a worker that has grown is replaced.
  workerIdleMemoryLimit: '1GB',
  projects: [
    {
      ...common,
      displayName: 'unit',
      roots: [
        '<rootDir>/src',
        '<rootDir>/test/rules',
        '<rootDir>/test/oracle',
        '<rootDir>/test/support',
        '<rootDir>/hack',
      ],
      testMatch: ['**/*.test.ts'],
    },
    {
      ...common,
      displayName: 'browser',
      roots: ['<rootDir>/test/browser'],
      testMatch: ['**/*.test.ts'],
    },
    {
      ...common,
      displayName: 'integration',
      roots: ['<rootDir>/test/integration'],
      testMatch: ['**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
};
