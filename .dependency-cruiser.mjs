// The walls of the house (docs/architecture.md): each entry names a room and what it may see.
// `from` may import itself and the rooms listed; everything else inside src/ is an error.
const rooms = {
  'src/api': [],
  'src/loop': ['src/api'],
  'src/simulate': ['src/api', 'src/loop'],
  'src/models': ['src/api', 'src/loop'],
  'src/adapters': ['src/api', 'src/loop'],
  'src/runtime': ['src/api', 'src/loop', 'src/adapters'],
  'src/controllers': ['src/api', 'src/loop', 'src/adapters', 'src/runtime'],
};

// Inside the loop data walks one way: monitor, analyze, plan, guard, execute. Knowledge reads all of
// them; nobody reads knowledge but step.ts.
const loop = {
  monitor: [],
  analyze: ['monitor'],
  plan: ['monitor', 'analyze'],
  guard: ['monitor', 'analyze', 'plan'],
  execute: ['monitor', 'analyze', 'plan', 'guard'],
  knowledge: ['monitor', 'analyze', 'plan', 'guard', 'execute'],
};

const wall = (from, allowed) => ({
  name: `walls-of-${from.replaceAll('/', '-')}`,
  severity: 'error',
  comment: `${from} may import only ${allowed.length === 0 ? 'itself' : allowed.join(', ')}`,
  from: { path: `^${from}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^src/', pathNot: [from, ...allowed].map((room) => `^${room}/`) },
});

const packages = ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'];

const outside = [
  {
    name: 'loop-is-pure',
    severity: 'error',
    comment: 'src/loop imports no Node module and no package: no I/O can hide there',
    from: { path: '^src/loop/', pathNot: '\\.test\\.ts$' },
    to: { dependencyTypes: packages },
  },
  {
    name: 'simulate-is-pure',
    severity: 'error',
    comment: 'as src/loop; but the fast Fourier transform of a rival comes from fft.js, which only computes',
    from: { path: '^src/simulate/', pathNot: '\\.test\\.ts$' },
    to: { dependencyTypes: packages, pathNot: '^node_modules/fft\\.js/' },
  },
];

export default {
  forbidden: [
    ...Object.entries(rooms).map(([from, allowed]) => wall(from, allowed)),
    ...Object.entries(loop).map(([room, seen]) => ({
      name: `loop-one-way-${room}`,
      severity: 'error',
      comment: `src/loop/${room} sees only ${['itself', ...seen].join(', ')} and the files beside step.ts`,
      from: { path: `^src/loop/${room}/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^src/loop/[^/]+/', pathNot: [room, ...seen].map((name) => `^src/loop/${name}/`) },
    })),
    ...outside,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '(\\.test\\.ts|main\\.ts|report/page/[^/]+\\.js)$' },
      to: {},
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-in-src',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
