#!/bin/sh
# Installe l’assistant documentaire depuis ce dossier, sans aucun réseau. Voir LISEZMOI.md.
set -eu
umask 022 # le compte du service doit pouvoir lire ce que root installe

aide() {
    cat <<'FIN'
utilisation : sh install.sh [--prefix DOSSIER] [--workspace DOSSIER] [--python COMMANDE]
                            [--any-processor]

  --prefix DOSSIER     où installer (défaut : /opt/assistant)
  --workspace DOSSIER  créer aussi cet espace de travail
  --python COMMANDE    l’interpréteur à employer (défaut : python3 de la version attendue)
  --any-processor      installer même si le processeur n’a pas les instructions attendues
FIN
}

refuser() {
    printf 'Erreur : %s\nRemède : %s\n' "$1" "$2" >&2
    exit 3
}

prefix=/opt/assistant
workspace=
python=
any_processor=
while [ $# -gt 0 ]; do
    case $1 in
        --prefix | --workspace | --python)
            [ $# -ge 2 ] || { aide >&2; exit 2; }
            case $1 in
                --prefix) prefix=$2 ;;
                --workspace) workspace=$2 ;;
                --python) python=$2 ;;
            esac
            shift 2
            ;;
        --any-processor) any_processor=oui; shift ;;
        -h | --help) aide; exit 0 ;;
        *) aide >&2; exit 2 ;;
    esac
done
case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
case $workspace in '' | /*) ;; *) workspace=$PWD/$workspace ;; esac
cd -- "$(dirname -- "$0")"

# --- rien n’est employé avant d’avoir été vérifié ----------------------------------

echo "Vérification des empreintes..."
sha256sum --check --strict --quiet SHA256SUMS >&2 ||
    refuser "un fichier du lot est abîmé ou manque (ci-dessus)." "Recopiez le lot, puis recommencez."
listed=$(cut -c67- SHA256SUMS | sort)
found=$(find . -type f ! -path ./SHA256SUMS | cut -c3- | sort)
[ "$listed" = "$found" ] && [ -z "$(find . -type l)" ] ||
    refuser "le lot contient des fichiers ou des liens qui ne sont pas dans SHA256SUMS." \
        "Recopiez le lot tel qu’il a été fait."

release=$(cat RELEASE)
wanted=$(cat PYTHON)
: "${python:=python$wanted}"
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) ||
    refuser "« $python » ne se lance pas." "Installez Python $wanted avec son module venv, ou indiquez-le par --python."
[ "$version" = "$wanted" ] ||
    refuser "« $python » est Python $version, le lot est fait pour Python $wanted." "Indiquez le bon interpréteur par --python."
[ "$(uname -m)" = "$(cat MACHINE)" ] ||
    refuser "cette machine est de type $(uname -m), le lot est fait pour $(cat MACHINE)." "Faites le lot sur une machine du même type."
lacking=
for instruction in $(cat PROCESSOR); do
    grep -qw -- "$instruction" /proc/cpuinfo || lacking="$lacking $instruction"
done
if [ -n "$lacking" ] && [ -z "$any_processor" ]; then
    refuser "ce processeur n’a pas les instructions :$lacking ; llama.cpp, compilé là où le lot a été fait, pourrait s’arrêter net." \
        "Refaites le lot sur une machine semblable, ou passez --any-processor (réponses extractives seulement)."
fi

# --- une version à côté des autres, puis un lien à changer ---------------------------

home=$prefix/releases/$release
mkdir -p "$prefix/releases" "$prefix/models"
if [ ! -e "$home/.complete" ]; then
    rm -rf "$home"
    trap 'rm -rf "$home"' EXIT
    trap 'exit 130' INT TERM
    echo "Installation des paquets dans $home..."
    "$python" -m venv "$home" ||
        refuser "l’environnement Python n’a pas pu être créé." "Installez le module venv (python$wanted-venv)."
    PIP_CONFIG_FILE=/dev/null "$home/bin/python" -m pip --isolated install --no-index \
        --find-links wheels --no-deps --require-hashes --no-cache-dir --quiet \
        --disable-pip-version-check --requirement requirements.txt ||
        refuser "pip n’a pas pu installer les paquets (ci-dessus)." "Vérifiez la place libre, puis recommencez."
    "$home/bin/assistant" --help >/dev/null ||
        refuser "le programme installé ne se lance pas (ci-dessus)." "Signalez-le avec ce texte."
    : >"$home/.complete"
    trap - EXIT
fi

echo "Copie des modèles dans $prefix/models..."
printf '%s\n' "$listed" | grep '^models/' | while IFS= read -r file; do
    target=$prefix/$file
    mkdir -p "$(dirname -- "$target")"
    # jamais en place : un programme qui tourne lit peut-être l’ancien
    if ! cmp -s "$file" "$target"; then
        cp "$file" "$target.new"
        mv -f "$target.new" "$target"
    fi
done

ln -sfn "releases/$release" "$prefix/current.new"
mv -fT "$prefix/current.new" "$prefix/current"
if [ -n "$workspace" ] && [ ! -e "$workspace/assistant.toml" ]; then
    "$prefix/current/bin/assistant" init "$workspace" --models "$prefix/models"
fi

echo "Installé : $prefix/current/bin/assistant ($release)"
echo "Ensuite : $prefix/current/bin/assistant --workspace ${workspace:-ESPACE} doctor"
