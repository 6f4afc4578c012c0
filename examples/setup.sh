#!/usr/bin/env bash
# Creates everything that a repository needs to sign in to Azure without a secret: two applications
# with federated credentials (one that plans and only reads, one that applies), their roles, a
# protected environment and the variables that the workflows in examples/workflows use.
#
#   examples/setup.sh --repository OWNER/NAME --subscription ID [options]
#
#   --subscription ID     a subscription that the topology refers to; can be repeated
#   --name NAME           prefix of the applications' names (default: private-link NAME-OF-REPOSITORY)
#   --environment NAME    the GitHub environment of the apply job (default: production)
#   --branch NAME         the default branch (default: the repository's)
#   --only-show           print what exists and what is missing, then exit
#   --yes                 do not ask for confirmation
#
# It first shows every command that it would run, and asks. It does not change what already exists:
# run it again after a failure, or to add a subscription. It needs az (signed in, allowed to create
# applications and role assignments) and gh (signed in, admin of the repository).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
repository='' name='' environment=production branch='' yes=false show_only=false
subscriptions=()
plan_id='' plan_object='' apply_id='' apply_object=''
role='Azure Monitor Private Link apply'
issuer='https://token.actions.githubusercontent.com'

fail() { printf 'setup.sh: %s\n' "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in
    --repository | --subscription | --name | --environment | --branch)
      [ $# -ge 2 ] && [ -n "$2" ] || fail "$1 needs a value."
      case $1 in
        --repository) repository=$2 ;;
        --subscription) subscriptions+=("$2") ;;
        --name) name=$2 ;;
        --environment) environment=$2 ;;
        --branch) branch=$2 ;;
      esac
      shift 2 ;;
    --yes) yes=true; shift ;;
    --only-show) show_only=true; shift ;;
    --help | -h) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"; exit 0 ;;
    *) fail "there is no option $1; see --help." ;;
  esac
done

word='[A-Za-z0-9._-]+'
[[ $repository =~ ^$word/$word$ ]] || fail 'give --repository OWNER/NAME.'
[ ${#subscriptions[@]} -gt 0 ] || fail 'give --subscription ID, once for each subscription.'
for subscription in "${subscriptions[@]}"; do
  [[ $subscription =~ ^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$ ]] ||
    fail "\"$subscription\" is not a subscription id; az account list --output table shows yours."
done
[[ $environment =~ ^$word$ ]] || fail "\"$environment\" is not a valid environment name."
name=${name:-private-link ${repository#*/}}
[[ $name =~ ^[A-Za-z0-9._\ -]+$ ]] || fail 'use letters, digits, spaces, dots and dashes in --name.'

command -v az > /dev/null || fail 'az is missing: https://learn.microsoft.com/cli/azure/install-azure-cli'
command -v gh > /dev/null || fail 'gh is missing: https://cli.github.com'
tenant=$(az account show --query tenantId --output tsv) || fail 'az is not signed in: az login'
gh auth status > /dev/null 2>&1 || fail 'gh is not signed in: gh auth login'
branch=${branch:-$(gh api "repos/$repository" --jq .default_branch)} ||
  fail "GitHub does not show $repository to you."
# Repositories created or renamed since July 2026 have a subject with ids in it; GitHub returns its prefix.
prefix=$(gh api "repos/$repository/actions/oidc/customization/sub" --jq '.sub_claim_prefix // ""') ||
  fail "GitHub does not show the OIDC subject of $repository; are you its admin?"
prefix=${prefix:-repo:$repository}

# Every step checks what exists first. In the first pass `mode` is "show": commands are printed, not run.
mode=show
missing=0

quoted() {
  local part out=''
  for part in "$@"; do
    if [[ $part =~ ^[A-Za-z0-9_./:=@,+-]+$ ]]; then out+=" $part"; else out+=" '${part//\'/\'\\\'\'}'"; fi
  done
  printf '%s' "${out# }"
}

# Runs a command that changes something and keeps its output; in mode "show" prints the command instead.
result=''
change() {
  missing=$((missing + 1))
  result=''
  if [ $mode = show ]; then printf '    %s\n' "$(quoted "$@")"; else result=$(patiently "$@"); fi
}

has() { printf '  = %s\n' "$*"; }
needs() { printf '  + %s\n' "$*"; }

# The client id of an application by its name; empty when there is none.
client_id() {
  local ids
  ids=$(az ad app list --filter "displayName eq '$1'" --query '[].appId' --output tsv)
  [ "$(grep -c . <<< "$ids" || true)" -le 1 ] ||
    fail "there are several applications named \"$1\"; use another --name."
  printf '%s' "$ids"
}

# Retries: Entra takes some seconds until a new object is visible to the next command.
patiently() {
  local attempt
  for attempt in 1 2 3 4 5; do
    if "$@"; then return; fi
    [ "$attempt" = 5 ] || sleep "${SETUP_PAUSE:-5}"
  done
  return 1
}

# Creates an application (`plan` or `apply`) and its service principal; sets the ids of both.
application() {
  local which=$1 app="$name $1" id object=''
  id=$(client_id "$app")
  if [ -n "$id" ]; then has "application \"$app\" ($id)"; else
    needs "application \"$app\""
    change az ad app create --display-name "$app" --sign-in-audience AzureADMyOrg --query appId --output tsv
    id=$result
  fi
  if [ -n "$id" ]; then object=$(az ad sp show --id "$id" --query id --output tsv 2> /dev/null || true); fi
  if [ -n "$object" ]; then has "service principal of \"$app\""; else
    needs "service principal of \"$app\""
    change az ad sp create --id "${id:-CLIENT_ID}" --query id --output tsv
    object=$result
  fi
  printf -v "${which}_id" %s "$id"
  printf -v "${which}_object" %s "$object"
}

# Lets a job of this repository sign in: application, name of the credential, suffix of the subject.
credential() {
  local app="$name $1" id=${1}_id credential=$2 subject=$prefix:$3 there=''
  id=${!id}
  if [ -n "$id" ]; then
    there=$(az ad app federated-credential list --id "$id" --query "[?subject=='$subject'].name" --output tsv 2> /dev/null || true)
  fi
  if [ -n "$there" ]; then has "\"$app\" trusts $subject"; return; fi
  needs "\"$app\" trusts $subject"
  change az ad app federated-credential create --id "${id:-CLIENT_ID}" --parameters \
    "{\"name\":\"$credential\",\"issuer\":\"$issuer\",\"subject\":\"$subject\",\"audiences\":[\"api://AzureADTokenExchange\"]}"
}

# Assigns a role to an application on every subscription.
assignment() {
  local app="$name $1" object=${1}_object wanted=$2 there scope subscription
  object=${!object}
  for subscription in "${subscriptions[@]}"; do
    scope=/subscriptions/$subscription
    there=''
    if [ -n "$object" ]; then
      there=$(az role assignment list --assignee "$object" --role "$wanted" --scope "$scope" --query '[].id' --output tsv 2> /dev/null || true)
    fi
    if [ -n "$there" ]; then has "$wanted for \"$app\" on $scope"; continue; fi
    needs "$wanted for \"$app\" on $scope"
    change az role assignment create --role "$wanted" --assignee-object-id "${object:-OBJECT_ID}" \
      --assignee-principal-type ServicePrincipal --scope "$scope"
  done
}

# Creates the apply role, with only the required actions; adds the subscriptions to its assignable scopes.
role_definition() {
  local scopes there missing_scopes='' definition
  scopes=$(printf '/subscriptions/%s\n' "${subscriptions[@]}")
  there=$(az role definition list --name "$role" --custom-role-only true --query '[0].assignableScopes' --output tsv)
  while read -r scope; do grep -qixF "$scope" <<< "$there" || missing_scopes+="$scope "; done <<< "$scopes"
  if [ -n "$there" ] && [ -z "$missing_scopes" ]; then has "role \"$role\""; return; fi
  definition=$(all=$(sort -fu <<< "$there"$'\n'"$scopes" | grep .) &&
    list=$(sed 's/.*/"&"/' <<< "$all" | paste -sd , -) &&
    sed "s#\"AssignableScopes\": \[.*\]#\"AssignableScopes\": [$list]#" "$here/apply-role.json" | tr -s '\n ' ' ')
  needs "role \"$role\" (examples/apply-role.json)"
  if [ -z "$there" ]; then change az role definition create --role-definition "$definition"; else
    change az role definition update --role-definition "$definition"
  fi
}

# Creates the environment of the apply job; only the default branch may use it.
protected_environment() {
  local path=repos/$repository/environments/$environment
  if gh api "$path" > /dev/null 2>&1; then has "environment $environment"; else
    needs "environment $environment"
    change gh api --method PUT "$path" -F 'deployment_branch_policy[protected_branches]=false' \
      -F 'deployment_branch_policy[custom_branch_policies]=true'
  fi
  if gh api "$path/deployment-branch-policies" --jq '.branch_policies[].name' 2> /dev/null | grep -qxF "$branch"; then
    has "environment $environment allows the branch $branch"
  else
    needs "environment $environment allows the branch $branch"
    change gh api --method POST "$path/deployment-branch-policies" -f "name=$branch"
  fi
}

variable() {
  local there
  there=$(gh variable list --repo "$repository" --json name,value --jq ".[] | select(.name == \"$1\") | .value")
  if [ -n "$there" ] && [ "$there" = "$2" ]; then has "variable $1"; else
    needs "variable $1"
    change gh variable set "$1" --repo "$repository" --body "${2:-CLIENT_ID}"
  fi
}

steps() {
  printf 'Azure, tenant %s:\n' "$tenant"
  application plan
  application apply
  credential plan pull-requests pull_request
  credential plan default-branch "ref:refs/heads/$branch"
  credential apply "environment-$environment" "environment:$environment"
  role_definition
  # Reader: for the resources in the file and the network around the scope. The other two: for verify.
  assignment plan Reader
  assignment plan 'Log Analytics Reader'
  assignment plan 'Monitoring Data Reader'
  assignment apply Reader
  assignment apply "$role"
  printf 'GitHub, %s:\n' "$repository"
  protected_environment
  variable AZURE_TENANT_ID "$tenant"
  variable AZURE_PLAN_CLIENT_ID "$plan_id"
  variable AZURE_APPLY_CLIENT_ID "$apply_id"
}

steps
if [ $missing -eq 0 ]; then printf '\nEverything exists; nothing to do.\n'; exit 0; fi
printf '\n%s %s would be run.\n' $missing "$([ $missing -eq 1 ] && echo command || echo commands)"
if $show_only; then exit 0; fi
if ! $yes; then
  printf 'Run them? [y/N] '
  read -r answer || answer=''
  [[ $answer =~ ^[yY]([eE][sS])?$ ]] || { echo 'Nothing was changed.'; exit 1; }
fi
mode=run
steps
cat << DONE

Done. A new role assignment takes up to 10 minutes to take effect. What remains, on GitHub:
- Settings, Environments, $environment: add the reviewers who approve an apply.
- The workflow file: copy examples/workflows/plan-and-apply.yml to .github/workflows/private-link.yml.
DONE
