#!/usr/bin/env bash
# fetch_content.sh FOLDER: another project gets chatapps by FetchContent, from a git repository, and builds it.
set -euo pipefail
folder=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/cmake/steps.sh"

# A repository of this tree as it is now, changes that are not committed included. The same tree makes the same commit, so
# a second run fetches nothing.
repository=$folder/repository
mkdir -p "$repository"
as_somebody=(-c user.name=nobody -c user.email=nobody@invalid)
git -C "$repository" init --quiet
find "$repository" -mindepth 1 -maxdepth 1 -not -name .git -exec rm -rf {} +
(cd "$root" && tar -cf - CMakeLists.txt LICENSE cmake include src) | tar -xf - -C "$repository"
git -C "$repository" add --all
tree=$(git -C "$repository" write-tree)
commit=$(GIT_AUTHOR_DATE='@0 +0000' GIT_COMMITTER_DATE='@0 +0000' \
  git -C "$repository" "${as_somebody[@]}" commit-tree "$tree" -m 'the tree')
git -C "$repository" update-ref refs/heads/tree "$commit"
git -C "$repository" symbolic-ref HEAD refs/heads/tree

mkdir -p "$folder/super/external"
configure "$here/parent" "$folder/parent" -DCHATAPPS_WAY=fetch_content -DCHATAPPS_REPOSITORY="$repository" \
  -DCHATAPPS_COMMIT="$commit" -DCHATAPPS_SOURCE="$folder/super/external/chatapps" \
  -DCMAKE_INSTALL_PREFIX="$folder/prefix" -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON -DCMAKE_DISABLE_FIND_PACKAGE_CURL=ON
cmake --build "$folder/parent"
"$folder/parent/program"
