using Reconciler.Ports;

namespace Reconciler.Adapters.Sqlite;

/// <summary>Keeps a second daemon off the ledger. The kernel lets go of the lock when the process ends, however it ends.</summary>
internal sealed class LedgerLock : IDisposable
{
    private const int WouldBlock = 11; // EWOULDBLOCK
    private readonly FileStream _file;

    private LedgerLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a ledger without waiting.</summary>
    /// <exception cref="LedgerInUseException">Another process has it.</exception>
    /// <exception cref="LedgerUnavailableException">Its file cannot be made.</exception>
    public static LedgerLock Take(string ledger)
    {
        var path = ledger + ".lock";
        try
        {
            return new LedgerLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            throw new LedgerInUseException(
                $"The ledger {ledger} is in use by another Reconciler (it holds {path}). Stop that one first; `fuser {path}` names its process.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LedgerTrouble.Of(e, ledger);
        }
    }

    public void Dispose() => _file.Dispose();
}
