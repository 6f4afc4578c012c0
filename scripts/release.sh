#!/usr/bin/env bash
# The steps of a release that touch the repository, for .github/workflows/release.yml and its test:
#
#   scripts/release.sh check   prints the version, if it can be released from here
#   scripts/release.sh tag     creates the tag vX.Y.Z, which never moves
#   scripts/release.sh notes   prints the release notes: the section of CHANGELOG.md, and how to pin and check it
#   scripts/release.sh major   moves the tag vX, which has no release of its own, to vX.Y.Z
#
# Each is idempotent.
set -euo pipefail

remote=${RELEASE_REMOTE:-origin}
version=$(node -p 'require("./package.json").version')
commit=$(git rev-parse HEAD)

fail() { echo "::error::$*"; exit 1; }

# Prints the commit of a tag of the remote; empty when there is none.
tagged() { git ls-remote --tags "$remote" "refs/tags/$1" | cut -f 1; }

changes() {
  awk -v version="$version" '
    index($0, "## [" version "]") == 1 { on = 1; next }
    /^## / { on = 0 }
    on
  ' CHANGELOG.md
}

case ${1:-} in
  check)
    [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "The version $version of package.json is not X.Y.Z."
    [ "${GITHUB_REF:-refs/heads/main}" = refs/heads/main ] || fail 'Run this on main.'
    [ -n "$(changes | tr -d '[:space:]')" ] || fail "CHANGELOG.md has no section [$version]."
    there=$(tagged "v$version")
    [ -z "$there" ] || [ "$there" = "$commit" ] ||
      fail "v$version is already released, from $there: a release never changes. Set a new version."
    echo "$version"
    ;;
  tag)
    there=$(tagged "v$version")
    if [ -z "$there" ]; then git push "$remote" "$commit:refs/tags/v$version"; fi
    [ "$(tagged "v$version")" = "$commit" ] || fail "v$version is at ${there:-another commit}, not at $commit."
    ;;
  notes)
    changes
    printf '\n### Pin it\n\n```yaml\nuses: %s@%s # v%s\n```\n' "$GITHUB_REPOSITORY" "$commit" "$version"
    printf '\n### Check it\n\n```sh\ngh release verify v%s --repo %s\n' "$version" "$GITHUB_REPOSITORY"
    printf 'gh attestation verify dist/index.js --repo %s\n```\n' "$GITHUB_REPOSITORY"
    ;;
  major)
    [ "$(tagged "v$version")" = "$commit" ] || fail "the tag v$version does not exist yet."
    git push --force "$remote" "$commit:refs/tags/v${version%%.*}"
    ;;
  *) fail 'Usage: scripts/release.sh check | tag | notes | major' ;;
esac
