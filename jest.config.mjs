// Four projects: `unit` needs nothing but Node, `browser` the browser among the development packages; `servers` and
// `integration` each run against a real control plane that their global setup starts once (see
// test/support/global-setup.ts): the operator's own tests, and beside them those of everything else.
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

const controlPlane = {
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
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
      displayName: 'servers',
      roots: ['<rootDir>/test/servers'],
      testMatch: ['**/*.test.ts'],
      ...controlPlane,
    },
    {
      ...common,
      displayName: 'integration',
      roots: ['<rootDir>/test/integration'],
      testMatch: ['**/*.test.ts'],
      ...controlPlane,
    },
  ],
};
