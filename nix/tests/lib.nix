# What the tests in virtual machines share: the machine, the repository it follows, and the words of their scripts.
{ pkgs, reconciler }:
let
  inherit (pkgs) lib;
  inherit (lib) fileset;

  nixpkgs = lib.cleanSource pkgs.path;
  sources = fileset.toSource {
    root = ../.;
    fileset = fileset.unions [
      ../assertions.nix
      ../module.nix
      ./host.nix
    ];
  };

  # The first commit. What a test changes goes into change.nix.
  infra =
    settings:
    pkgs.linkFarm "infra" {
      "settings.json" = pkgs.writeText "settings.json" (builtins.toJSON settings);
      "change.nix" = pkgs.writeText "change.nix" "{ }\n";
      "configuration.nix" = pkgs.writeText "configuration.nix" ''
        {
          imports = [
            <nixpkgs/nixos/lib/testing/nixos-test-base.nix>
            (import ${sources}/tests/host.nix {
              nixpkgs = "${nixpkgs}";
              package = "${reconciler}";
              settings = builtins.fromJSON (builtins.readFile ./settings.json);
            })
            ./change.nix
          ];
        }
      '';
    };

  machine =
    settings:
    import ./host.nix {
      # A text without context, so that the disk of the machine does not hold all of nixpkgs.
      nixpkgs = builtins.unsafeDiscardStringContext "${nixpkgs}";
      package = reconciler;
      inherit settings;
    };

  # What is on the disk is evaluated as the machine itself evaluates it later, and not as a node of the test, which has a little more in it: otherwise the first commit
  # would change the initial ramdisk.
  configOf =
    settings:
    (import (pkgs.path + "/nixos/lib/eval-config.nix") {
      system = null;
      modules = [
        (pkgs.path + "/nixos/lib/testing/nixos-test-base.nix")
        (machine settings)
        { nixpkgs = { inherit pkgs; }; }
      ];
    }).config;

  # As nixpkgs' own tests of systemd-boot make it, with room for further systems.
  diskOf =
    config:
    import (pkgs.path + "/nixos/lib/make-disk-image.nix") {
      inherit config lib pkgs;
      label = "nixos";
      format = "qcow2";
      partitionTableType = "efi";
      touchEFIVars = true;
      installBootLoader = true;
      additionalSpace = "4096M";
      copyChannel = false;
    };

  prelude =
    {
      settings,
      config,
      disk,
      qemu,
    }:
    let
      # Everything that took part in building the machine's system, so that a system with small changes can be built offline. It is what
      # `system.includeBuildDependencies` takes, but seen through the store of the machine that runs the test and not copied to the disk.
      dependencies = pkgs.closureInfo {
        rootPaths = [
          config.system.build.toplevel.drvPath
          "${nixpkgs}"
          "${sources}"
        ];
      };
    in
    ''
      import json
      import os
      import shlex
      import subprocess
      import tempfile
      from typing import Any, List

      disk = tempfile.NamedTemporaryFile()
      subprocess.run(
          [
              "${qemu}/bin/qemu-img",
              "create",
              "-f",
              "qcow2",
              "-b",
              "${disk}/nixos.qcow2",
              "-F",
              "qcow2",
              disk.name,
          ],
          check=True,
      )
      os.environ["NIX_DISK_IMAGE"] = disk.name


      def ask(command: str) -> str:
          """What a command on the host prints."""
          return host.succeed(command).strip()


      def running() -> str:
          """The system that runs."""
          return ask("readlink -f /run/current-system")


      def booted() -> str:
          """The system that was booted."""
          return ask("readlink -f /run/booted-system")


      def profile() -> str:
          """The system of the profile's current generation."""
          return ask("readlink -f /nix/var/nix/profiles/system")


      def boots() -> str:
          """The system that the boot loader starts by itself."""
          entry = ask("sed -n 's/^default //p' /boot/loader/loader.conf").removesuffix(".conf")
          option = ask(f"grep -o ' init=/nix/store/[^/ ]*' /boot/loader/entries/{entry}.conf")
          return option.removeprefix("init=")


      def rests_on(system: str) -> None:
          """The host runs this system, and would come up on it."""
          found = {"running": running(), "profile": profile(), "boots": boots()}
          assert set(found.values()) == {system}, f"{found}, and not {system}"


      def daemon() -> str:
          """The process id of the daemon; 0 when there is none."""
          return ask("systemctl show --property=MainPID --value reconciler")


      def ledger() -> List[Any]:
          """All facts, oldest first."""
          return [json.loads(line) for line in ask("reconciler ledger export").splitlines()]


      def trials() -> int:
          """How often the latest deployment was put on trial."""
          kinds = [entry["kind"] for entry in ledger()]
          began = max(place for place, kind in enumerate(kinds) if kind == "deploymentBegan")
          return kinds[began:].count("trialBegan")


      def in_repository(arguments: str) -> str:
          """What git says in the repository the host follows."""
          return ask(f"git --git-dir=/srv/infra.git {arguments}")


      def push_again() -> str:
          """Pushes what is committed, and gives the commit."""
          host.succeed("git -C /root/infra push -q origin HEAD:main")
          return ask("git -C /root/infra rev-parse HEAD")


      def push(mark: str, change: str = "") -> str:
          """Pushes a system with a mark of its own and these definitions, and gives the commit."""
          module = f"""{{ lib, pkgs, ... }}:
      {{
        environment.etc.mark.text = "{mark}";
        {change}
      }}
      """
          host.succeed(f"printf %s {shlex.quote(module)} > /root/infra/change.nix")
          host.succeed(f"git -C /root/infra commit -q -a -m {shlex.quote(mark)}")
          return push_again()


      def deployment(revision: str) -> Any:
          """The newest deployment of a commit; None when there is none or no daemon answers."""
          code, text = host.execute("reconciler status --json 2> /dev/null")
          known = json.loads(text)["deployments"] if code == 0 else []
          return next((found for found in known if found.get("revision") == revision), None)


      def ended(revision: str, phase: str) -> Any:
          """Waits until a deployment of a commit has ended, and gives its whole story."""

          def has_ended(is_last_look: bool) -> bool:
              found = deployment(revision)
              if is_last_look:
                  host.execute("reconciler status >&2; journalctl -u reconciler -n 100 >&2")
              return found is not None and found.get("succeeded") is not None

          retry(has_ended, 1800)
          story = json.loads(ask(f"reconciler show {deployment(revision)['id']} --json"))
          summary = story["summary"]
          assert summary["phase"] == phase, f"{summary['headline']}; expected {phase}"
          host.succeed("reconciler ledger verify >&2")
          return story


      def confirmed(revision: str, mark: str) -> Any:
          """Waits until a commit is confirmed, and looks whether all is as it should be."""
          story = ended(revision, "confirmed")
          rests_on(story["toplevel"])
          assert ask("cat /etc/mark") == mark
          generation = ask("readlink /nix/var/nix/profiles/system")
          assert generation == f"system-{story['summary']['generation']}-link", generation
          note = f"git --git-dir=/srv/infra.git notes --ref=reconciler/host show {revision}"
          host.wait_until_succeeds(f"{note} | grep -i confirmed", 300)
          return story


      def rolled_back(revision: str, before: str) -> Any:
          """Waits until a commit is rolled back to the system before it, and looks whether that is true and explained."""
          story = ended(revision, "rolledBack")
          rests_on(before)
          branch = f"refs/heads/reconciler/revert-{revision[:7]}"
          host.wait_until_succeeds(f"git --git-dir=/srv/infra.git rev-parse -q --verify {branch}", 300)
          assert revision[:7] in in_repository(f"log -1 --format=%B {branch}")
          return story


      def up() -> None:
          """Switches the host on, and waits until it has come up."""
          host.start()
          host.wait_for_unit("multi-user.target")


      def begin() -> str:
          """Switches the host on for the first time, gives it a repository to follow, and gives the system of its first commit."""
          up()
          host.succeed(
              "nix-store --load-db < ${dependencies}/registration",
              "git config --global user.name You",
              "git config --global user.email you@example.org",
              "mkdir -p /srv",
              "git init -q --bare -b main /srv/infra.git",
              "cp -rL --no-preserve=mode ${infra settings} /root/infra",
              "git -C /root/infra init -q -b main",
              "git -C /root/infra remote add origin /srv/infra.git",
              "git -C /root/infra add -A",
          )
          confirmed(push("the beginning"), "the beginning")
          return running()


    '';
in
{
  inherit reconciler;

  # A test of one machine whose daemon has these settings, besides those of host.nix. The script is Python.
  test =
    {
      name,
      settings ? { },
      script,
    }:
    let
      config = configOf settings;
      disk = diskOf config;
    in
    pkgs.testers.runNixOSTest {
      name = "reconciler-${name}";
      nodes.host = {
        imports = [ (machine settings) ];
        virtualisation.efi.variables = "${disk}/efi-vars.fd";
      };
      # Systems are evaluated and built on the machine.
      globalTimeout = 3 * 60 * 60;
      testScript =
        { nodes, ... }:
        prelude {
          inherit settings config disk;
          qemu = nodes.host.virtualisation.qemu.package;
        }
        + script;
    };
}
