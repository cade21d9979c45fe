#!/bin/sh
# Moves the control plane to another Kubernetes version: hack/controlplane/bump.sh 1.36.3
#
# k8s.io/kubernetes names its staging modules as v0.0.0 and replaces them by folders of its own tree. A module
# that requires it has to replace each by its published version (k8s.io/api v0.36.3 belongs to v1.36.3). etcd
# comes in the version that Kubernetes itself requires. Then `node hack/tools/tools.ts` builds it.
set -eu
version=${1:?usage: bump.sh VERSION, for instance 1.36.3}
cd "$(dirname "$0")"

kubernetes_mod=$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
{
  echo 'module autonomic.dev/controlplane'
  echo
  grep '^go ' "$kubernetes_mod"
  echo
  echo "require k8s.io/kubernetes v$version"
  echo
  echo 'replace ('
  sed -nE 's/^[[:space:]]+(k8s\.io\/[a-z-]+) v0\.0\.0( .*)?$/\1/p' "$kubernetes_mod" | sort -u |
    while read -r staging; do echo "	$staging => $staging v0.${version#1.}"; done
  echo ')'
} >go.mod.new
mv go.mod.new go.mod
go mod tidy
