# The daemon and its commands, built from this repository. docs/decisions/0014-nixos-package.md says why it is built like this.
{
  lib,
  buildDotnetModule,
  dotnetCorePackages,
  autoPatchelfHook,
  installShellFiles,
  git,
  gnupg,
  openssh,
  openssl,
}:
let
  inherit (lib) fileset;

  dotnet-runtime = dotnetCorePackages.aspnetcore_10_0;
  version = lib.head (
    builtins.match ".*<Version>([^<]+)</Version>.*" (builtins.readFile ../Directory.Build.props)
  );

  # Nix fixes every package by its hash; NuGet's own lock file fixes, besides, the version of one that comes with the SDK.
  locks = fileset.fileFilter (file: file.name == "packages.lock.json") ../src;
in
buildDotnetModule {
  pname = "reconciler";
  inherit version;

  src = fileset.toSource {
    root = ../.;
    fileset = fileset.difference (fileset.unions [
      ../src
      ../docs/config.schema.json
      ../examples
      ../BannedSymbols.txt
      ../Directory.Build.props
      ../Directory.Build.targets
      ../Directory.Packages.props
    ]) locks;
  };

  projectFile = "src/Reconciler/Reconciler.csproj";
  nugetDeps = ./deps.json;

  dotnet-sdk = dotnetCorePackages.sdk_10_0;
  inherit dotnet-runtime;
  selfContainedBuild = false;
  useAppHost = false;
  dotnetFlags = [
    "-p:RestorePackagesWithLockFile=false"
    "-p:UseAppHost=false"
    "-p:PublishTrimmed=false"
    "-p:PublishReadyToRunComposite=false"
    "-p:DebugType=embedded"
    # What a newer SDK warns of is for who changes the code, not for who installs it.
    "-p:RunAnalyzers=false"
    "-p:TreatWarningsAsErrors=false"
  ];

  # libgit2 opens libssl by its name.
  nativeBuildInputs = [
    autoPatchelfHook
    installShellFiles
  ];
  appendRunpaths = [ (lib.makeLibraryPath [ openssl ]) ];

  # Not nixpkgs' wrapper: its LD_LIBRARY_PATH would be handed on to git, nix and the activation, and a daemon that outlives a switch would give
  # the old system's libraries to the new system's programs. A program on the PATH goes before the ones here.
  executables = [ ];
  postInstall = ''
    makeWrapper ${lib.getExe' dotnet-runtime "dotnet"} "$out/bin/reconciler" \
      --add-flags "$out/lib/reconciler/reconciler.dll" \
      --suffix PATH : ${
        lib.makeBinPath [
          git
          gnupg
          openssh
        ]
      }
    for shell in bash zsh fish; do
      "$out/bin/reconciler" completion "$shell" > "reconciler.$shell"
    done
    installShellCompletion reconciler.{bash,zsh,fish}
    "$out/bin/reconciler" man > reconciler.1
    installManPage reconciler.1
  '';

  doInstallCheck = true;
  installCheckPhase = ''
    runHook preInstallCheck
    export HOME=$TMPDIR
    "$out/bin/reconciler" version | grep -F ${lib.escapeShellArg version}
    echo '{ "host": "any", "repository": { "url": "https://git.example.org/infra.git" } }' > config.json
    "$out/bin/reconciler" check-config config.json
    "$out/bin/reconciler" init made --host any
    grep -F 'hostName = "any"' made/hosts/any/configuration.nix
    runHook postInstallCheck
  '';

  meta = {
    description = "GitOps daemon that makes a NixOS host follow a Git repository";
    homepage = "https://github.com/reconciler-project/reconciler";
    license = lib.licenses.mit;
    mainProgram = "reconciler";
    platforms = [
      "x86_64-linux"
      "aarch64-linux"
    ];
  };
}
